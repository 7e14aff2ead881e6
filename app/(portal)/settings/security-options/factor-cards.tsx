import { RequirementFields } from "#components/settings/requirement-fields.tsx";
import { Notice } from "#components/ui/notice.tsx";
import {
  IDLE_MINUTES,
  REMEMBER_DEVICE_DAYS,
  SESSION_HOURS,
  STEP_UP_MINUTES,
} from "#lib/policy/security-options.ts";
import { REQUIRED, REQUIRED_FROM } from "../factor-requirement.ts";
import { secondFactorInForm } from "./form-values.ts";
import { Choice, Group, type GroupProps, OneOf, Switch, Whole } from "./option-fields.tsx";
import { OPTION_NAMES } from "./option-words.ts";

export function SecondFactorCard({ options, timeZone }: GroupProps & { timeZone: string }) {
  const { secondFactor, secondFactorFrom } = secondFactorInForm(options, timeZone);
  return (
    <Group
      title="Second factor"
      description="An authenticator app or a passkey besides the password. Whoever has one is always asked for it."
    >
      <RequirementFields
        name="secondFactor"
        legend={OPTION_NAMES.secondFactor}
        options={REQUIREMENTS}
        chosen={secondFactor}
        dayName="secondFactorFrom"
        day={secondFactorFrom}
        timeZone={timeZone}
      />
      <Notice title="What a password alone is worth">
        SP 800-63B-4 counts a password by itself as the lowest of three levels, and wants it 15 characters
        long there. Where everybody needs a second factor, 8 are enough. A passkey is the one that a false
        sign-in page cannot take.
      </Notice>
      <Switch
        name="offerPasskeys"
        options={options}
        hint="Once, after signing in by password. Whoever says no is left alone."
      />
      <Switch
        name="trustProviderFactors"
        options={options}
        hint="Where the identity provider says that it has asked for one, it is not asked for again."
      />
      <OneOf
        name="rememberDeviceDays"
        options={options}
        choices={REMEMBER_DEVICE_DAYS}
        hint="In a browser whose owner wants it, the second factor is not asked for again so long."
      />
      <Switch
        name="lostDeviceReset"
        options={options}
        hint="Their owner asks for it by mail; everybody concerned is told, and it can be stopped for a day. Off: only administrators can help."
      />
    </Group>
  );
}

const REQUIREMENTS = [
  { value: "optional", label: "Optional", hint: "Whoever wants one sets it up." },
  {
    value: REQUIRED,
    label: "Required",
    hint: "Whoever has none sets one up at the next sign-in, before anything else.",
  },
  {
    value: REQUIRED_FROM,
    label: "Required from a day on",
    hint: "Until then there is time to set one up.",
  },
];

export function SessionsCard({ options }: GroupProps) {
  return (
    <Group
      title="Sessions"
      description="When people have to sign in anew. Shorter ones hold for sessions that are open, too."
    >
      <Whole
        name="idleMinutes"
        options={options}
        {...bounds(IDLE_MINUTES)}
        hint="5 to 1440; 60 or fewer are recommended. People are warned before, and can go on. A member's own number counts where it is smaller."
      />
      <Whole
        name="sessionHours"
        options={options}
        {...bounds(SESSION_HOURS)}
        hint="Counted from the sign-in: 1 to 720; 24 or fewer are recommended where there is a second factor."
      />
    </Group>
  );
}

const bounds = ({ least, most }: { least: number; most: number }) => ({ min: least, max: most });

export function ConfirmCard({ options }: GroupProps) {
  return (
    <Group
      title="Sensitive actions"
      description="Such as changing these options, a security group, or how somebody signs in. Whoever does it proves again that it is them."
    >
      <OneOf
        name="stepUpMinutes"
        options={options}
        choices={STEP_UP_MINUTES}
        hint="Whoever has just signed in with a second factor is not asked again."
      />
      <Choice
        name="stepUpFor"
        options={options}
        choices={[
          { value: "everybody", hint: "Whoever has no second factor sets one up first." },
          { value: "enrolled", hint: "Whoever has none types their password again." },
        ]}
      />
    </Group>
  );
}

export function UnusualCard({ options }: GroupProps) {
  return (
    <Group
      title="Unusual sign-ins"
      description="An unknown browser, an account that was not used for long, many tries at once, places that do not fit together. Worked out on this server; nothing is sent anywhere."
    >
      <Choice
        name="riskSignals"
        options={options}
        choices={[
          { value: "off", hint: "Sign-ins are not compared." },
          { value: "shadow", hint: "They stand in the audit log with the reason, and change nothing." },
          {
            value: "ask",
            hint: "A browser that is remembered is not believed then. Whoever has no second factor comes in as ever.",
          },
        ]}
      />
    </Group>
  );
}
