package locales

// What is told because its time has come.
