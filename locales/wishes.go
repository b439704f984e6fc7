package locales

// How people want to be told.
