import { QrCode } from "#components/account/qr-code.tsx";
import { CodeField } from "#components/form/code-field.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";

type AppSetUpProps = { app: { secret: string; uri: string }; firmName: string };

/** What an authenticator app is fed with, and the field for its first code (UX24). */
export function AppSetUp({ app: { secret, uri }, firmName }: AppSetUpProps) {
  const key = secret.match(/.{1,4}/g)?.join(" ") ?? secret;
  return (
    <>
      <p>Scan this with your authenticator app, or type the key into it.</p>
      <QrCode text={uri} label={`QR code for the authenticator app, for ${firmName}`} />
      <p className="hidden pointer-coarse:block">
        <a href={uri}>Open the app on this device</a>
      </p>
      <div className="grid gap-2">
        <p className="field-label">Key</p>
        <p>
          <code className="break-words">{key}</code>
        </p>
        <div className="flex flex-wrap items-center gap-3">
          <CopyButton text={secret} label="Copy key" size="small" />
        </div>
      </div>
      <CodeField hint="The 6 digits that the app shows now." />
    </>
  );
}
