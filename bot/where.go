package bot

import "strings"

// where finds the line of our code at which a panic began, in a stack trace. The trace
// itself is not logged: it may hold what somebody wrote.
func where(stack []byte) string {
	lines := strings.Split(string(stack), "\n")
	for n, line := range lines {
		if strings.HasPrefix(line, "panic(") {
			for _, at := range lines[n:] {
				if at, ok := strings.CutPrefix(at, "\t"); ok && !strings.Contains(at, "/src/runtime/") {
					at, _, _ = strings.Cut(at, " +")
					return at
				}
			}
		}
	}
	return "unknown place"
}
