package locales

// Who was reached and who was not.
