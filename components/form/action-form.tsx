"use client";

import {
  type FormEvent,
  Fragment,
  lazy,
  type ReactNode,
  Suspense,
  useActionState,
  useEffect,
  useRef,
  useState,
} from "react";
import { FormContext } from "#components/form/form-context.ts";
import { FormSummary, isDone, isProblem } from "#components/form/form-summary.tsx";
import type { Pressed } from "#components/form/step-up-prompt.tsx";
import { type FormState, initialFormState } from "#lib/web/form-state.ts";

/** Few forms ever ask it: the signed-out pages do not carry it (PERF7). */
const StepUpPrompt = lazy(() => import("#components/form/step-up-prompt.tsx"));

type ActionFormProps = {
  action: (state: FormState, form: FormData) => Promise<FormState>;
  children: ReactNode | ((state: FormState) => ReactNode);
  /** What stands in place of `children` once `state.step` names it. For server pages, which cannot pass a function. */
  steps?: Record<string, ReactNode>;
  /** Prefix of the ids of its fields; needed where a page has several forms. */
  id?: string;
  label?: string;
  className?: string;
  /** "none" where the children show the message themselves. */
  summary?: "above" | "none";
};

/** A form around a Server Action. It works without JavaScript, and keeps what was typed when the action says no. */
export function ActionForm(props: ActionFormProps) {
  const { action, children, steps, id, label, className = "form", summary = "above" } = props;
  const [state, submit, pending] = useActionState(action, initialFormState);
  const form = useRef<HTMLFormElement>(null);
  const [pressed, setPressed] = useState<Pressed>({});
  useFocusAfterAction(form, state);

  return (
    <FormContext value={{ id, state }}>
      <form
        ref={form}
        action={submit}
        id={id}
        aria-label={label}
        className={className}
        // The server's answer names all failures at once, in one voice; the browser's bubbles stop at the first.
        noValidate
        onSubmit={(event) => (pending ? event.preventDefault() : setPressed(buttonOf(event)))}
      >
        {state.stepUp && (
          <Suspense>
            <StepUpPrompt asked={state.stepUp} pressed={pressed} />
          </Suspense>
        )}
        {summary === "above" && !state.stepUp && <FormSummary id={id} state={state} />}
        {content(state, children, steps)}
      </form>
    </FormContext>
  );
}

function buttonOf({ nativeEvent }: FormEvent): Pressed {
  const { submitter } = nativeEvent as SubmitEvent;
  return submitter instanceof HTMLButtonElement && submitter.name !== ""
    ? { name: submitter.name, value: submitter.value }
    : {};
}

function content(state: FormState, children: ActionFormProps["children"], steps: ActionFormProps["steps"]) {
  const step = state.step === undefined ? undefined : steps?.[state.step];
  // By its key another step is another form: nothing of the one before turns slowly into it.
  if (step !== undefined) return <Fragment key={state.step}>{step}</Fragment>;
  return typeof children === "function" ? children(state) : children;
}

function useFocusAfterAction(form: React.RefObject<HTMLFormElement | null>, state: FormState) {
  const seen = useRef(state);
  useEffect(() => {
    const before = seen.current;
    seen.current = state;
    if (before === state) return;
    if (state.stepUp) focusOn(form.current, ".step-up input, [role=alert]");
    else if (isProblem(state)) focusOn(form.current, ".form-summary");
    else if (before.step !== state.step && !isDone(state)) focusOn(form.current, "h1, h2, [data-focus]");
  }, [form, state]);
}

function focusOn(form: HTMLFormElement | null, selector: string) {
  const target = form?.querySelector<HTMLElement>(selector);
  if (!target) return;
  if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
  target.focus();
}
