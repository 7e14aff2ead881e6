import { Link, Button as MailButton, Text } from "react-email";
import { buttonColours, fonts, palette } from "#emails/components/palette.ts";

type ButtonProps = { href: string; accent?: string; children: string };

/** The one thing to press in a mail, and its address in letters for those whose mail program shows no button. */
export function Button({ href, accent, children }: ButtonProps) {
  const { background, text } = buttonColours(accent);
  return (
    <>
      <MailButton href={href} style={{ ...styles.button, backgroundColor: background, color: text }}>
        {children}
      </MailButton>
      <Text className="muted" style={styles.address} data-skip-in-text="true">
        Or copy this address into your browser:
        <br />
        <Link href={href} className="link" style={styles.link}>
          {href}
        </Link>
      </Text>
    </>
  );
}

const styles = {
  button: {
    borderRadius: "8px",
    fontFamily: fonts.text,
    fontSize: "16px",
    fontWeight: 600,
    lineHeight: "20px",
    margin: "4px 0 12px",
    padding: "13px 24px",
    textDecoration: "none",
  },
  address: { color: palette.muted, fontSize: "13px", lineHeight: "20px", margin: "0 0 20px" },
  link: { color: palette.accent, textDecoration: "underline", wordBreak: "break-all" },
} as const;
