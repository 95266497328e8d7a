// What Gradio's chat leaves undone for people who listen to the page, read long answers, or read
// another language.
(function () {
  "use strict";
  const texts = document.currentScript.dataset;

  // Gradio labels each message with its source, entities and all, which would be read aloud.
  function dropSourceLabels() {
    for (const message of document.querySelectorAll("#log [data-testid][aria-label]")) {
      message.removeAttribute("aria-label");
    }
  }

  // Gradio's own name of the conversation is English on every page.
  function nameLog() {
    const log = document.querySelector("#log [role=log]");
    if (log && log.getAttribute("aria-label") !== texts.log) {
      log.setAttribute("aria-label", texts.log);
    }
  }

  // Gradio has every link open a new tab and hide where it was followed; whoever changes the language
  // is to stay in this one, and languages.py is to know that they have chosen.
  function keepTab() {
    for (const link of document.querySelectorAll("#foot a[hreflang]:is([target], [rel])")) {
      link.removeAttribute("target");
      link.removeAttribute("rel");
    }
  }

  // Suggested questions are headings of the documents, in their language.
  function nameExamples() {
    const examples = document.getElementById("examples");
    if (examples && texts.examples && examples.lang !== texts.examples) {
      examples.lang = texts.examples;
      examples.dir = "auto";
    }
  }

  // Gradio gives the box one direction; what is typed may be in another language than the page.
  function turnBox() {
    const box = document.querySelector("#question textarea");
    if (box && box.dir !== "auto" && document.documentElement.dir === "rtl") {
      box.dir = "auto";
    }
  }

  // A new answer is read from its beginning: the question is brought to the top, the focus stays.
  let shown = "";
  function showNewest() {
    const replies = document.querySelectorAll("#log .reply");
    const answer = replies.length ? replies[replies.length - 1].closest(".message-row") : null;
    const before = answer && answer.previousElementSibling;
    const asked = before && before.classList.contains("user-row") ? before : null;
    // Their number alone does not tell: old messages make room for new ones.
    const newest = answer ? replies.length + (asked || answer).textContent + answer.textContent : "";
    if (newest && newest !== shown) {
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      (asked || answer).scrollIntoView({ block: "start", behavior: still ? "auto" : "smooth" });
    }
    shown = newest;
  }

  // The room the help line takes at the top, so that nothing is scrolled or focused under it.
  function measureBand() {
    const band = document.getElementById("band");
    const sticks = band && getComputedStyle(band).position === "sticky";
    const height = sticks ? band.offsetHeight : 0;
    document.documentElement.style.setProperty("--band", height + "px");
  }

  new MutationObserver(function () {
    dropSourceLabels();
    nameLog();
    keepTab();
    nameExamples();
    turnBox();
    showNewest();
    measureBand();
  }).observe(document.documentElement, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["aria-label", "data-size"],
  });
  addEventListener("resize", measureBand);
})();
