import { RadioGroup } from "#components/form/radio-group.tsx";
import { Select } from "#components/form/select.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { MAX_CODE_POINTS, MIN_CODE_POINTS } from "#lib/policy/password.ts";
import { STRENGTHS } from "#lib/policy/password-strength.ts";
import { EXPIRY_DAYS, LOCK_AFTER, MAX_HISTORY } from "#lib/policy/security-options.ts";
import { ConfirmCard, SecondFactorCard, SessionsCard, UnusualCard } from "./factor-cards.tsx";
import { Group, type GroupProps, Switch, Whole } from "./option-fields.tsx";
import { expiryInWords, OPTION_NAMES, valueInWords } from "./option-words.ts";

/** The form's fields, in the groups in which they are thought about. */
export function OptionCards({ options, timeZone }: GroupProps & { timeZone: string }) {
  return (
    <>
      <Criteria options={options} />
      <Predictable options={options} />
      <Expiration options={options} />
      <Lock options={options} />
      <Recovery options={options} />
      <ByAdministrators options={options} />
      <SecondFactorCard options={options} timeZone={timeZone} />
      <SessionsCard options={options} />
      <ConfirmCard options={options} />
      <UnusualCard options={options} />
    </>
  );
}

function Criteria({ options }: GroupProps) {
  return (
    <Group
      title="Password criteria"
      description="What a new password must have. Length protects best; each further rule also makes passwords harder to remember."
    >
      <div className="grid gap-4">
        <Switch
          name="lengthRequired"
          options={options}
          hint={`Off: ${MIN_CODE_POINTS} characters, below which no firm may go.`}
        />
        <div className="ms-9">
          <Whole name="minLength" options={options} min={MIN_CODE_POINTS} max={MAX_CODE_POINTS / 2} />
        </div>
      </div>
      <div className="grid items-start gap-x-6 gap-y-4 sm:grid-cols-2">
        <Switch name="upperRequired" options={options} hint="A capital letter." />
        <Switch name="letterRequired" options={options} hint="A letter of any script." />
        <Switch name="numericRequired" options={options} hint="A digit." />
        <Switch name="symbolRequired" options={options} hint="A sign such as ! or -, or a space." />
      </div>
      <RadioGroup
        name="rulesApplyAt"
        legend={OPTION_NAMES.rulesApplyAt}
        defaultValue={options.rulesApplyAt}
        options={[
          {
            value: "next_change",
            label: valueInWords("rulesApplyAt", "next_change"),
            hint: "Passwords that people have stay good until they change them.",
          },
          {
            value: "next_sign_in",
            label: valueInWords("rulesApplyAt", "next_sign_in"),
            hint: "Whoever has a password that weaker rules accepted chooses a new one when they next sign in.",
          },
        ]}
      />
    </Group>
  );
}

function Predictable({ options }: GroupProps) {
  return (
    <Group
      title="Predictable passwords"
      description="What others would try first. Names of the firm, its clients and the person are always refused, and so are runs such as 1234."
    >
      <div className="max-w-60">
        <Select
          name="minStrength"
          label={OPTION_NAMES.minStrength}
          defaultValue={options.minStrength}
          options={STRENGTHS.map((strength) => ({
            value: strength,
            label: strength === "Poor" ? "Poor (any)" : strength,
          }))}
        />
      </div>
      <Switch
        name="breachList"
        options={options}
        hint="Looked up on this server when a password is chosen and when it is typed. Nothing is sent anywhere."
      />
      <Switch name="nearCopies" options={options} hint="After Summer26!, refuses Summer27!." />
      <Whole
        name="historyDepth"
        options={options}
        min={0}
        max={MAX_HISTORY}
        hint="Besides the present one. 0 remembers none."
      />
    </Group>
  );
}

function Expiration({ options }: GroupProps) {
  return (
    <Group
      title="Password expiration"
      description="For all staff and contacts who sign in by a password. It counts from the last change of each."
    >
      <div className="max-w-60">
        <Select
          name="expiryDays"
          label={OPTION_NAMES.expiryDays}
          defaultValue={String(options.expiryDays)}
          options={EXPIRY_DAYS.map((days) => ({ value: String(days), label: expiryInWords(days) }))}
        />
      </div>
      <Notice title="NIST advises against it">
        SP 800-63B-4 tells firms not to make people change passwords periodically, only when there is a sign
        that somebody else knows one. Whoever must change often chooses weaker ones. Never is recommended.
      </Notice>
      <p className="max-w-prose text-ink-muted text-sm">
        People are warned by mail and beside their avatar 14, 7 and 1 days before. A password whose last
        change nobody knows counts from the day on which expiration is switched on.
      </p>
    </Group>
  );
}

function Lock({ options }: GroupProps) {
  return (
    <Group
      title="User lock"
      description="Counts wrong passwords by the place they come from, so that strangers cannot lock anybody out of their own browser."
    >
      <Whole
        name="lockAfter"
        options={options}
        min={LOCK_AFTER.least}
        max={LOCK_AFTER.most}
        hint={`${LOCK_AFTER.least} to ${LOCK_AFTER.most}; 10 is recommended.`}
      />
      <ul className="grid max-w-prose list-disc gap-1 ps-5 text-ink-muted text-sm">
        <li>A right password sets the count back to nothing.</li>
        <li>A lock does not end by itself: a reset by mail or an administrator opens it.</li>
        <li>A browser in which somebody has signed in before keeps a count of its own.</li>
      </ul>
    </Group>
  );
}

function Recovery({ options }: GroupProps) {
  return (
    <Group
      title="Forgotten passwords"
      description="What people get by mail when they, or somebody of the firm, ask for a new password."
    >
      <RadioGroup
        name="recoveryProfile"
        legend={OPTION_NAMES.recoveryProfile}
        defaultValue={options.recoveryProfile}
        options={[
          {
            value: "link_and_code",
            label: valueInWords("recoveryProfile", "link_and_code"),
            hint: "The link asks for the six digits of the mail. Both work once, for 15 minutes. Recommended.",
          },
          {
            value: "link",
            label: valueInWords("recoveryProfile", "link"),
            hint: "The link alone leads to a new password. It works once, for 15 minutes.",
          },
          {
            value: "temporary_password",
            label: valueInWords("recoveryProfile", "temporary_password"),
            hint: "It works once, for 48 hours, and opens nothing but the choice of a new password.",
          },
        ]}
      />
      <div className="grid gap-3">
        <Switch
          name="usernameInMail"
          options={options}
          hint="Names the username beside the link or the temporary password."
        />
        <Notice tone="warning">
          Whoever reads such a mail has both halves of what a sign-in needs. Leave this off unless people
          cannot know their usernames otherwise.
        </Notice>
      </div>
    </Group>
  );
}

function ByAdministrators({ options }: GroupProps) {
  return (
    <Group
      title="Administrators may set passwords"
      description="Off, nobody but the person ever knows a password. Where it is on, a password that an administrator types is temporary: its owner has to change it at the next sign-in, both get a mail, and the password is in none of them."
    >
      <Switch name="administratorsSetStaff" options={options} />
      <Switch name="administratorsSetContacts" options={options} />
    </Group>
  );
}
