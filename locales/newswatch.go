package locales

// What staff are told of the record, and what should be there and is not.
