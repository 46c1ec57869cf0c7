// Makes a key pair on the officer's own machine: the private half is saved as a file, the public half fills the form.
import { generateX25519Identity, identityToRecipient } from "../vendor/age/age.min.js";

const place = document.getElementById("make-key"); // not there for those who may only allow a colleague's key
if (place) place.hidden = false;
document.getElementById("make")?.addEventListener("click", async () => {
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([`# public key: ${recipient}\n${identity}\n`], { type: "text/plain" }));
  link.download = "callbox-tip-key.txt";
  link.click();
  URL.revokeObjectURL(link.href);
  const field = document.querySelector("input[name=recipient]");
  field.value = recipient;
  field.focus();
});
