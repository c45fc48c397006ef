interface SegmentsProps<Choice extends string> {
  readonly legend: string;
  readonly choices: readonly (readonly [Choice, string])[];
  readonly chosen: Choice;
  readonly onChoose: (choice: Choice) => void;
}

/** A choice of how the same figures are shown. */
export function Segments<Choice extends string>({ legend, choices, chosen, onChoose }: SegmentsProps<Choice>) {
  return (
    <fieldset class="segments">
      <legend class="unseen">{legend}</legend>
      {choices.map(([choice, text]) => (
        <button key={choice} type="button" aria-pressed={choice === chosen} onClick={() => onChoose(choice)}>
          {text}
        </button>
      ))}
    </fieldset>
  );
}
