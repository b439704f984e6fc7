package locales

// What an office tells many, and what became of it.
