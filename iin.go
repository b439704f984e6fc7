package dauys

import "strings"

// IIN reads an individual identification number as people type it and tells whether it can be one: 12
// digits of which the last checks the others. A number of 11 digits has lost its first one, a zero, in
// a spreadsheet. The day of birth in it is not looked at: since 2013 a number need not carry a real one.
//
// The check digit is the sum of the digits, each times its place from 1 to 11, modulo 11; where that is
// 10, the same with the weights 3 to 11, 1 and 2. A number for which that is 10 again is not issued.
func IIN(typed string) (number string, ok bool) {
	number = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -\u00a0\u202f–", r) {
			return -1
		}
		return r
	}, strings.TrimSpace(typed))
	if len(number) == 11 {
		number = "0" + number
	}
	if len(number) != 12 || strings.Trim(number, "0123456789") != "" || strings.Trim(number, "0") == "" {
		return "", false
	}
	check := 0
	for _, shift := range []int{0, 2} {
		check = 0
		for i := range 11 {
			check += int(number[i]-'0') * ((i+shift)%11 + 1)
		}
		if check %= 11; check < 10 {
			break
		}
	}
	return number, check == int(number[11]-'0')
}
