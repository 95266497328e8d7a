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

  function made(tag, name, ...inside) {
    const element = document.createElement(tag);
    element.className = name;
    element.append(...inside);
    return element;
  }

  function inOrder(tag, text) {
    const element = document.createElement(tag);
    element.textContent = text;
    element.dir = "auto";
    return element;
  }

  // As templates/parts.html has it: what is said first, the numbers to tap, and the rest.
  function alarm(told) {
    const [first, ...rest] = told.help.split("\n");
    const groups = told.dials.map(function ([name, ways]) {
      const links = ways.map(function ([doing, href]) {
        const link = made("a", "", inOrder("bdi", doing));
        link.href = href;
        return link;
      });
      const who = made("span", "who", inOrder("bdi", name));
      return made("li", "", who, made("span", "ways", ...links));
    });
    const parts = [made("p", "text", first), made("ul", "dial", ...groups)];
    if (rest.length) {
      parts.push(made("p", "text", rest.join("\n")));
    }
    const shown = made("div", "alarm", ...parts);
    shown.setAttribute("role", "alert");
    shown.tabIndex = -1;
    return shown;
  }

  // A note that tells of danger gets help before anything else, outside of what can be folded up.
  function help(form, told) {
    const box = form.closest("details") || form;
    const before = box.previousElementSibling;
    if (before && before.matches(".alarm")) {
      before.remove();
    }
    const shown = alarm(told);
    box.before(shown);
    shown.focus();
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
      const told = await reply.json().catch(() => ({}));
      // Without numbers to tap it is the line of whom to call, which the page shows already.
      if (told.help && told.dials) {
        help(form, told);
      }
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
