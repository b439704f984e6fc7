package locales
