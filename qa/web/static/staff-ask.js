// What Gradio leaves undone on the staff's page: telling that the login has ended, and saying aloud
// how a question was answered.
(function () {
  "use strict";

  let status = null;

  function say(text) {
    if (status && status.textContent !== text) {
      status.textContent = text;
    }
  }

  // The login ends while a page lies open: the server then answers 401 to whatever is asked.
  function ended() {
    if (document.getElementById("ended")) {
      return;
    }
    const note = document.createElement("p");
    note.id = "ended";
    note.className = "note";
    note.setAttribute("role", "alert");
    const link = document.createElement("a");
    link.href = "/staff/login?next=/staff/";
    link.textContent = "Log in again";
    note.append("You are no longer logged in. ", link, " and ask once more.");
    const box = document.getElementById("question");
    (box ? box.parentElement : document.body).before(note);
  }

  const fetched = window.fetch;
  window.fetch = async function (...given) {
    const answer = await fetched.apply(this, given);
    if (answer.status === 401) {
      ended();
    }
    return answer;
  };

  // The focus stays in the box, so that the next question can be typed; the reason is read out.
  let told = "";
  function announce() {
    const verdict = document.querySelector("#why .verdict");
    const text = verdict ? verdict.textContent : "";
    if (text && text !== told) {
      say(text);
    }
    told = text;
  }

  // Beside the answer the marked passage is in view at once, where that part scrolls by itself.
  let marked = null;
  function showMark() {
    const beside = document.querySelector("#place .beside");
    const mark = beside ? beside.querySelector("mark") : null;
    if (mark && mark !== marked) {
      const above = mark.getBoundingClientRect().top - beside.getBoundingClientRect().top;
      // Where it is in view already, so are the headings above it, and nothing moves.
      if (above > beside.clientHeight * 0.75) beside.scrollTop += above - beside.clientHeight / 4;
    }
    marked = mark;
  }

  // Gradio's sanitiser takes names from elements.
  function nameTables() {
    for (const wide of document.querySelectorAll(".wide-table:not([role]), .wide:not([role])")) {
      wide.setAttribute("role", "region");
      const caption = wide.querySelector("caption");
      wide.setAttribute("aria-label", caption ? caption.textContent : "Table");
    }
  }

  // Gradio has every link open a new tab and does not say so.
  function keepTab() {
    for (const link of document.querySelectorAll("#why a[target], #place a[target]")) {
      link.removeAttribute("target");
      link.removeAttribute("rel");
    }
  }

  document.addEventListener("DOMContentLoaded", function () {
    status = document.createElement("p");
    status.className = "spoken";
    status.setAttribute("role", "status");
    document.body.append(status);
  });

  new MutationObserver(function () {
    announce();
    showMark();
    nameTables();
    keepTab();
  }).observe(document.documentElement, { subtree: true, childList: true, characterData: true });
})();
