package locales

// What is told of orders, exams, plans, debts and the rest of the record.
