// A question that cannot be sent stays in the box, and the page says so in its own language.
//
// Gradio takes one failed request as the end: it asks nothing any more, covers the page with an
// English message, and loads the page anew as soon as the server is back, which takes conversation
// and question away. So it does not get to see the failure: it is told that nothing has changed.
(function () {
  "use strict";
  const texts = document.currentScript.dataset;
  const send = window.fetch;
  // Milliseconds. An answer takes a fraction of a second; a weak signal may never say that it failed.
  const PATIENCE = 30000;
  // What was sent was not read: too slowly sent (408), too long (413), too fast (429), or a proxy's
  // way of saying that the server behind it does not answer.
  const AWAY = [408, 413, 429, 502, 503, 504];

  const notice = document.createElement("p");
  notice.id = "offline";
  notice.setAttribute("role", "status");

  // It stands below the box before it says anything: only then is what it says read aloud.
  function place() {
    const actions = document.getElementById("actions");
    if (actions && actions.previousElementSibling !== notice) {
      actions.before(notice);
    }
  }

  // A new piece of text even where the words are the same, so that they are read aloud again.
  function complain() {
    notice.replaceChildren(document.createTextNode(texts.unsent));
    notice.scrollIntoView({ block: "nearest" });
  }

  // In Gradio's terms: each event of this page gives the box and the conversation (chat.py).
  function nothingChanged() {
    const same = { __type__: "update" };
    return Response.json({ data: [same, same], is_generating: false });
  }

  async function ask(address, options) {
    const control = new AbortController();
    const timer = setTimeout(() => control.abort(), PATIENCE);
    try {
      const reply = await send(address, { ...options, signal: control.signal });
      if (AWAY.includes(reply.status)) {
        throw new Error(String(reply.status));
      }
      // Read to its end here, where it may still fail.
      const { status, headers } = reply;
      const whole = new Response(await reply.blob(), { status, headers });
      if (reply.ok) {
        notice.replaceChildren();
      }
      return whole;
    } catch {
      complain();
      return nothingChanged();
    } finally {
      clearTimeout(timer);
    }
  }

  window.fetch = function (address, options) {
    const { pathname } = new URL(address.url || address, location.href);
    return pathname.endsWith("/gradio_api/run/predict")
      ? ask(address, options)
      : send(address, options);
  };

  new MutationObserver(place).observe(document.documentElement, { subtree: true, childList: true });
})();
