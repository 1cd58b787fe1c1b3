/**
 * The script of the pages of problems: shows the models and the outcomes that a reader chooses, and
 * hands the choice on to the pages that are linked. Without it everything is shown.
 */
export const filterScript = `
{
  const form = document.querySelector('form.choose')
  const { first, second = first, outcome } = form.elements
  const chosen = (select) => select?.value ?? '0'
  const problems = [...document.querySelectorAll('[data-standings]')]
  const links = [...document.querySelectorAll('a[data-keep]')].map((link) => [link, link.getAttribute('href')])

  const outcomeOf = (problem) => {
    const standings = problem.dataset.standings.split(' ')
    const pair = [standings[chosen(first)], standings[chosen(second)]]
    return pair.every((each) => each === 'right' || each === 'wrong') ? pair.join('-') : 'undecided'
  }

  const name = (select) => select.selectedOptions[0].textContent

  const show = () => {
    for (const problem of problems) {
      problem.hidden = outcome.value !== 'all' && outcomeOf(problem) !== outcome.value
    }
    for (const each of document.querySelectorAll('[data-model]')) {
      each.hidden = each.dataset.model !== chosen(first) && each.dataset.model !== chosen(second)
    }
    for (const option of outcome.options) {
      if (option.value === 'right-wrong') option.textContent = 'only ' + name(first) + ' right'
      if (option.value === 'wrong-right') option.textContent = 'only ' + name(second) + ' right'
    }
    const shown = problems.filter((problem) => !problem.hidden).length
    form.querySelector('output').textContent = shown + ' of ' + problems.length + ' problems shown'
    const choice = new URLSearchParams(new FormData(form)).toString()
    for (const [link, href] of links) {
      const [file, place] = href.split('#')
      link.setAttribute('href', file + '?' + choice + (place === undefined ? '' : '#' + place))
    }
  }

  const asked = new URLSearchParams(location.search)
  for (const select of form.querySelectorAll('select')) {
    const wanted = asked.get(select.name)
    if ([...select.options].some(({ value }) => value === wanted)) select.value = wanted
  }
  form.addEventListener('change', show)
  form.addEventListener('submit', (event) => event.preventDefault())
  window.addEventListener('pageshow', show)
  form.hidden = false
  show()
}
`
