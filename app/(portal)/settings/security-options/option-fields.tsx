import type { ReactNode } from "react";
import { Checkbox } from "#components/form/checkbox.tsx";
import { Field } from "#components/form/field.tsx";
import { RadioGroup } from "#components/form/radio-group.tsx";
import { Select } from "#components/form/select.tsx";
import type { SecurityOptions } from "#lib/policy/security-options.ts";
import { OPTION_NAMES, valueInWords } from "./option-words.ts";

export type GroupProps = { options: SecurityOptions };

type GroupFrameProps = { title: string; description: string; children: ReactNode };

/** What it is about beside the fields, where there is room. */
export function Group({ title, description, children }: GroupFrameProps) {
  return (
    <section className="card grid gap-x-10 gap-y-6 p-5 sm:p-6 lg:grid-cols-[15rem_minmax(0,1fr)]">
      <div>
        <h2 className="text-lg">{title}</h2>
        <p className="mt-1 max-w-prose text-ink-muted text-sm">{description}</p>
      </div>
      <div className="grid content-start gap-6">{children}</div>
    </section>
  );
}

type Named<Value> = {
  [Name in keyof SecurityOptions]: SecurityOptions[Name] extends Value ? Name : never;
}[keyof SecurityOptions];

type SwitchProps = GroupProps & { name: Named<boolean>; hint?: string };

export function Switch({ name, options, hint }: SwitchProps) {
  return <Checkbox name={name} label={OPTION_NAMES[name]} hint={hint} defaultChecked={options[name]} />;
}

type WholeProps = GroupProps & { name: Named<number>; min: number; max: number; hint?: string };

export function Whole({ name, options, min, max, hint = `${min} to ${max}.` }: WholeProps) {
  return (
    <div className="[&_.input]:max-w-28">
      <Field
        name={name}
        label={OPTION_NAMES[name]}
        hint={hint}
        type="number"
        inputMode="numeric"
        min={min}
        max={max}
        defaultValue={options[name]}
        required
      />
    </div>
  );
}

type OneOfProps = GroupProps & { name: Named<number>; choices: readonly number[]; hint?: string };

/** One of a few numbers, each in the words of its option. */
export function OneOf({ name, options, choices, hint }: OneOfProps) {
  return (
    <div className="max-w-60">
      <Select
        name={name}
        label={OPTION_NAMES[name]}
        hint={hint}
        defaultValue={String(options[name])}
        options={choices.map((choice) => ({ value: String(choice), label: valueInWords(name, choice) }))}
      />
    </div>
  );
}

type ChoiceProps<Name extends keyof SecurityOptions> = GroupProps & {
  name: Name;
  choices: { value: SecurityOptions[Name] & string; hint: string }[];
};

/** One of a few words, each worth a sentence. */
export function Choice<Name extends keyof SecurityOptions>({ name, options, choices }: ChoiceProps<Name>) {
  return (
    <RadioGroup
      name={name}
      legend={OPTION_NAMES[name]}
      defaultValue={String(options[name])}
      options={choices.map(({ value, hint }) => ({ value, label: valueInWords(name, value), hint }))}
    />
  );
}
