/** The pictures that documents point to: people and campaigns here have no photographs, but their links must lead somewhere. */

/** Everybody's portrait. */
export const portrait = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><rect width="100" height="100" fill="#ddd7cc"/><circle cx="50" cy="38" r="18" fill="#6b655c"/><path d="M14 100a36 36 0 0 1 72 0z" fill="#6b655c"/></svg>\n`

/** Every campaign's cover. */
export const cover = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 100"><rect width="400" height="100" fill="#ddd7cc"/><path d="M0 100 120 40 200 80 290 25 400 90v10z" fill="#a39c90"/></svg>\n`
