// Sends a message's feedback form in the background, so that the conversation stays on the screen.
(function () {
  "use strict";

  const words = document.currentScript.dataset;
  const sending = new WeakSet();

  function say(role, text) {
    const said = document.createElement("p");
    said.className = "feedback-said";
    said.setAttribute("role", role);
    said.textContent = text;
    return said;
  }

  // The form goes, and with it the button that has the focus: the thanks take it over.
  function thank(form) {
    const thanks = say("status", words.thanks);
    thanks.tabIndex = -1;
    const focused = form.contains(document.activeElement);
    form.replaceWith(thanks);
    if (focused) {
      thanks.focus({ preventScroll: true });
    }
  }

  function complain(form) {
    const before = form.querySelector(".feedback-said");
    if (before) {
      before.remove();
    }
    form.append(say("alert", words.failed));
  }

  async function send(form, submitter) {
    const fields = new URLSearchParams(new FormData(form));
    if (submitter && submitter.name) {
      fields.append(submitter.name, submitter.value);
    }
    sending.add(form);
    try {
      const reply = await fetch(form.getAttribute("action"), {
        method: "POST",
        headers: { Accept: "application/json" },
        body: fields,
        redirect: "error",
      });
      if (!reply.ok) {
        throw new Error(String(reply.status));
      }
      thank(form);
    } catch {
      complain(form);
    } finally {
      sending.delete(form);
    }
  }

  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (form.matches("#log form.feedback")) {
      event.preventDefault();
      if (!sending.has(form)) {
        send(form, event.submitter);
      }
    }
  });
})();
