package dauys

import "testing"

// The numbers are made up: their serial part is 0000.
func TestIIN(t *testing.T) {
	for typed, want := range map[string]string{
		"050317500005":    "050317500005",
		"060922600002":    "060922600002",
		"050110500001":    "050110500001", // by the second weights
		"050129600001":    "050129600001",
		"50317500005":     "050317500005", // a spreadsheet has eaten the zero
		" 050317 500005 ": "050317500005",
		"050317-500005":   "050317500005",
		"050332500007":    "050332500007", // 32 March: the digits are not bound to a day
		"051317500008":    "051317500008",
		"050317900000":    "050317900000",
		"050317500006":    "", // checks to 5
		"05032750000":     "", // no check digit exists for what this begins
		"050327500000":    "",
		"050327500009":    "",
		"000000000000":    "",
		"0503175000051":   "",
		"05031750000O":    "",
		"٠٥٠٣١٧٥٠٠٠٠٥":    "",
		"":                "",
	} {
		number, ok := IIN(typed)
		if ok != (want != "") || ok && number != want {
			t.Errorf("IIN(%q) = %q, %t; want %q", typed, number, ok, want)
		}
	}
}
