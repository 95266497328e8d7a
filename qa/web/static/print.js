// The button that prints; without this script the page says how to print instead.
(function () {
  "use strict";
  const button = document.getElementById("page:print");
  button.hidden = false;
  button.addEventListener("click", function () {
    print();
  });
})();
