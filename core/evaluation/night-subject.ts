/** Whose nights they are: a run's student, or a model by the name that its scores are shown under. */
export type NightSubject = { readonly run: string } | { readonly model: string }

/** The subject alone, of whatever is known of its nights. */
export function subjectOf(known: NightSubject): NightSubject {
  return 'run' in known ? { run: known.run } : { model: known.model }
}

/** What the subject of nights is called: history, report and search attribute stand under it. */
export function subjectName(subject: NightSubject): string {
  return 'run' in subject ? subject.run : subject.model
}
