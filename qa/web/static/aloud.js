// Answers read aloud by the browser's own voice.
(function () {
  "use strict";

  const speech = window.speechSynthesis;
  if (!speech || !window.SpeechSynthesisUtterance) {
    return;
  }
  const words = document.currentScript.dataset;
  // The button that reads now, and what it says: held here, or the browser might drop it unfinished.
  let reading = null;
  let utterances = [];

  // Voices that are not local send what they are to say to their maker, which nobody here agreed to.
  function voiceFor(language) {
    const wanted = language.toLowerCase();
    const short = wanted.split("-")[0];
    const found = speech.getVoices().filter(function (voice) {
      return voice.localService === true && tagOf(voice).split("-")[0] === short;
    });
    const exact = found.filter((voice) => tagOf(voice) === wanted);
    const best = exact.length ? exact : found;
    return best.find((voice) => voice.default) || best[0];
  }

  // Android writes en_US.
  function tagOf(voice) {
    return voice.lang.replace("_", "-").toLowerCase();
  }

  // What is read of an answer: alarms in short, what limits it, and the quotes with their titles;
  // of a refusal, that it is one. Each piece has the language it is written in.
  function piecesOf(reply) {
    const page = document.documentElement.lang;
    const quoted = reply.querySelector(".quote");
    const parts = reply.querySelectorAll(
      ".alarm > .text:not(.dial ~ .text), .advice, .carried, .quote" +
        (quoted ? "" : ", .lead, .lead + p:not([class])")
    );
    const pieces = [];
    let title = "";
    for (const part of parts) {
      const quote = part.querySelector("blockquote");
      if (!quote) {
        pieces.push({ text: part.textContent, language: page });
        continue;
      }
      const cite = part.querySelector("cite");
      if (cite && cite.textContent !== title) {
        title = cite.textContent;
        pieces.push({ text: words.from.replace("{title}", () => title), language: page });
      }
      pieces.push({ text: quote.textContent, language: quote.lang || page });
    }
    return pieces;
  }

  // Line by line, since some voices stop in the middle of a long text. Bullets have no sound.
  function linesOf(piece) {
    return piece.text
      .split("\n")
      .map((line) => line.replace(/^\s*[•▪◦–-]\s+/, "").replace(/\s+\|\s+/g, ", ").trim())
      .filter(Boolean);
  }

  function stop() {
    if (reading) {
      reading.textContent = words.read;
      reading = null;
      utterances = [];
      speech.cancel();
    }
  }

  function read(button) {
    stop();
    reading = button;
    button.textContent = words.stop;
    for (const piece of piecesOf(button.closest(".reply"))) {
      for (const line of linesOf(piece)) {
        const utterance = new SpeechSynthesisUtterance(line);
        utterance.voice = voiceFor(piece.language);
        utterance.lang = utterance.voice.lang;
        utterance.onend = utterance.onerror = function () {
          if (reading === button && utterance === utterances[utterances.length - 1]) {
            stop();
          }
        };
        utterances.push(utterance);
      }
    }
    // Some browsers stay silent after a pause that nobody ended.
    speech.cancel();
    utterances.forEach((utterance) => speech.speak(utterance));
  }

  // One button an answer, and none where a piece of it would be read by no voice or a wrong one.
  // It stands in a live region of its own that is off: the log announces answers, not their tools.
  function place() {
    for (const reply of document.querySelectorAll("#log .reply")) {
      if (!reply.querySelector(".aloud") && canRead(reply)) {
        reply.insertBefore(makeButton(), reply.querySelector(":scope > .lead, :scope > .disclaimer"));
      }
    }
    if (reading && !reading.isConnected) {
      stop();
    }
  }

  function canRead(reply) {
    const pieces = piecesOf(reply);
    return pieces.length > 0 && pieces.every((piece) => voiceFor(piece.language));
  }

  // Voices come and go: most browsers know theirs only some time after they were first asked.
  function changeVoices() {
    for (const there of document.querySelectorAll("#log .aloud")) {
      if (!canRead(there.closest(".reply"))) {
        there.remove();
      }
    }
    place();
  }

  function makeButton() {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "tool";
    button.textContent = words.read;
    button.addEventListener("click", () => (reading === button ? stop() : read(button)));
    const around = document.createElement("div");
    around.className = "aloud";
    around.setAttribute("aria-live", "off");
    around.append(button);
    return around;
  }

  // A new question, or leaving, ends what is being said.
  document.addEventListener("click", function (event) {
    if (event.target.closest("#ask, #clear, #examples button")) {
      stop();
    }
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && !event.shiftKey && event.target.closest("#question")) {
      stop();
    }
  });
  addEventListener("pagehide", stop);

  new MutationObserver(place).observe(document.documentElement, { subtree: true, childList: true });
  // Older Safari knows its voices at once and tells of no change.
  if (speech.addEventListener) {
    speech.addEventListener("voiceschanged", changeVoices);
  }
  speech.getVoices();
})();
