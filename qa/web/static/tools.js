// Text size and colours on the chat's page. The choice is stored nowhere: it stands in this page's
// address, and every link to another page of this site takes it along, where looks.py reads it.
(function () {
  "use strict";

  const root = document.documentElement;
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");

  function current() {
    const theme = root.dataset.theme || (prefersDark.matches ? "dark" : "light");
    return { theme: theme, size: root.dataset.size || "normal" };
  }

  // What was chosen, as the query of an address says it; null takes a name out of the query.
  function chosen() {
    return { theme: root.dataset.theme || null, size: root.dataset.size || null };
  }

  function withChoice(address) {
    const url = new URL(address, location.origin);
    for (const [name, value] of Object.entries(chosen())) {
      if (value) {
        url.searchParams.set(name, value);
      } else {
        url.searchParams.delete(name);
      }
    }
    return url.pathname + url.search + url.hash;
  }

  function carry(selector, attribute) {
    for (const found of document.querySelectorAll(selector)) {
      const address = found.getAttribute(attribute);
      // An address that shows no choice and takes none along is left as it was written.
      const touched = /[?&](theme|size)=/.test(address) || Object.values(chosen()).some(Boolean);
      if (touched && address !== withChoice(address)) {
        found.setAttribute(attribute, withChoice(address));
      }
    }
  }

  // Gradio paints by a class on the body, which it sets by the browser's preference alone.
  function paintBody() {
    const dark = current().theme === "dark";
    if (document.body && document.body.classList.contains("dark") !== dark) {
      document.body.classList.toggle("dark", dark);
    }
  }

  function show() {
    paintBody();
    const now = current();
    for (const button of document.querySelectorAll(".tools button")) {
      const pressed = String(now[button.name] === button.value);
      if (button.getAttribute("aria-pressed") !== pressed) {
        button.setAttribute("aria-pressed", pressed);
      }
    }
    carry('a[href^="/"]', "href");
    carry('form[action^="/"]', "action");
  }

  function choose(name, value) {
    if (name === "size" && value === "normal") {
      delete root.dataset.size;
    } else {
      root.dataset[name] = value;
    }
    // So that loading the page again keeps the choice.
    history.replaceState(history.state, "", withChoice(location.href));
    show();
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest(".tools button");
    if (button) {
      choose(button.name, button.value);
    }
  });
  prefersDark.addEventListener("change", show);
  new MutationObserver(show).observe(root, { subtree: true, childList: true });
  addEventListener("DOMContentLoaded", function () {
    new MutationObserver(paintBody).observe(document.body, { attributeFilter: ["class"] });
    show();
  });
})();
