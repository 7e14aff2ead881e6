"use client";

import { type ChangeEvent, useEffect, useRef, useState } from "react";
import { useScripted } from "#components/form/use-scripted.ts";

/** Ticks everybody on this page, and says how many are ticked. There only where a script can do so. */
export function SelectPage({ form }: { form: string }) {
  const scripted = useScripted();
  const box = useRef<HTMLInputElement>(null);
  const { ticked, shown, recount } = useTicked(form);
  useEffect(() => {
    if (box.current) box.current.indeterminate = ticked > 0 && ticked < shown;
  }, [ticked, shown]);
  if (!scripted || shown === 0) return null;

  const tickAll = ({ target }: ChangeEvent<HTMLInputElement>) => {
    for (const one of ticksOf(form)) one.checked = target.checked;
    recount();
  };
  return (
    <div className="select-page">
      <div className="check">
        <input
          ref={box}
          type="checkbox"
          id={`${form}-page`}
          checked={ticked === shown}
          onChange={tickAll}
          className="check-box"
        />
        <label htmlFor={`${form}-page`} className="check-label">
          Select all on this page
        </label>
      </div>
      <span role="status" className="field-hint">
        {ticked > 0 && `${ticked} of ${shown} selected`}
      </span>
    </div>
  );
}

function useTicked(form: string) {
  const [count, setCount] = useState({ ticked: 0, shown: 0 });
  const [recount] = useState(() => () => {
    const all = ticksOf(form);
    setCount({ ticked: all.filter(({ checked }) => checked).length, shown: all.length });
  });
  useEffect(() => {
    recount();
    document.addEventListener("change", recount);
    return () => document.removeEventListener("change", recount);
  }, [recount]);
  return { ...count, recount };
}

/** The boxes stand in the rows of a table, outside the form that they belong to. */
function ticksOf(form: string): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLInputElement>(`input[form="${form}"][name="memberIds"]`)];
}
