// Says on the page what the sign-in library would only tell the console: the passkey was cancelled, missing or refused.
document.addEventListener("allauth.error", function (event) {
  const sentence = document.getElementById("passkey-problem");
  if (sentence) {
    event.preventDefault();
    sentence.hidden = false;
  }
});
