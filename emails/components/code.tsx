import { Column, Row, Section, Text } from "react-email";
import { fonts, palette } from "#emails/components/palette.ts";

type CodeProps = { label?: string; children: string };

/** What is read aloud, typed or copied: big, under its name, and one press selects all of it. */
export function Code({ label = "Code", children }: CodeProps) {
  // Digits are set wide; what else there is has to fit on the line of a telephone.
  const isText = /\D/.test(children);
  return (
    <Section className="well" style={styles.well}>
      <Row>
        <Column style={styles.cell}>
          <Text style={styles.lines}>
            <span className="muted" style={styles.label}>
              {label}
            </span>
            <br />
            <span
              className={isText ? "ink text" : "ink"}
              style={isText ? { ...styles.code, ...styles.text } : styles.code}
            >
              {children}
            </span>
          </Text>
        </Column>
      </Row>
    </Section>
  );
}

const styles = {
  well: { backgroundColor: palette.well, borderRadius: "8px", margin: "0 0 20px" },
  cell: { padding: "14px 20px" },
  lines: { fontSize: "14px", lineHeight: "22px", margin: 0 },
  label: { color: palette.muted, fontSize: "14px", lineHeight: "22px" },
  code: {
    color: palette.ink,
    fontFamily: fonts.code,
    fontSize: "30px",
    fontWeight: 600,
    letterSpacing: "6px",
    lineHeight: "42px",
    WebkitUserSelect: "all",
    userSelect: "all",
  },
  text: { fontSize: "20px", letterSpacing: "1px", lineHeight: "32px", wordBreak: "break-word" },
} as const;
