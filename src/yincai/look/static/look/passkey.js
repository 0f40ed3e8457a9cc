// Passkeys: the browser signs a challenge of the server. Where it cannot, nothing of it is shown.
const can = window.PublicKeyCredential?.parseRequestOptionsFromJSON && PublicKeyCredential.parseCreationOptionsFromJSON;

const signed = async (form) => {
  const answer = await fetch(form.action, { headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store" });
  if (!answer.ok) throw new Error(answer.status);
  const { request_options: options } = await answer.json();
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options.publicKey) });
};

const made = (form) => {
  const options = JSON.parse(form.dataset.options);
  return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options.publicKey) });
};

const enhance = (form) => {
  const said = form.querySelector("[data-passkey-said]");
  form.hidden = false;
  form.querySelector("button").addEventListener("click", async () => {
    said.textContent = "";
    try {
      const credential = await (form.dataset.passkey === "add" ? made(form) : signed(form));
      form.elements.credential.value = JSON.stringify(credential.toJSON());
      form.requestSubmit();
    } catch {
      said.textContent = "没有用成通行密钥。可以再试一次，或改用其他方式。";
    }
  });
};

if (can) document.querySelectorAll("[data-passkey]").forEach(enhance);
