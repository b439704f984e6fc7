package dauys

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

const module = "alt.edu.kz/dauys"

// inside says which packages of the module each package may import. Arrows point inwards:
// what the bot is about knows nothing of how it is done. A package that is not here fails
// the test, so a new one is a decision. "." is the root; "all" means any
// but those that are there for tests.
var inside = map[string][]string{
	".":                {},
	"flows/ask":        {},
	"bot/simulator":    {},
	"fault":            {},
	"registrar":        {".", "registrar/table"},
	"registrar/sample": {".", "registrar"},
	"notices":          {".", "registrar"},
	"ical":             {},
	"documents":        {".", "registrar/table"},
	"flows":            {".", "flows/ask"},
	"locales":          {".", "notices", "registrar", "flows/ask"},
	"storage":          {".", "notices", "registrar", "flows/ask", "fault"},
	"handlers":         {".", "notices", "registrar", "registrar/table", "documents", "ical", "fault", "flows", "flows/ask", "locales"},
	"verify":           {".", "registrar", "documents", "flows/ask", "locales"},
	"bot":              {".", "notices", "handlers", "flows/ask", "locales", "fault"},
	"bot/telegram":     {".", "bot", "handlers", "flows/ask", "locales"},
	"bot/terminal":     {".", "bot", "handlers", "flows/ask"},
	"cmd/dauys":        {"all"},

	// What reads the tables of others knows nothing of what they are about.
	"registrar/table": {},

	// What tests of others use.
	"flows/ask/asktest":   {".", "flows/ask", "locales"},
	"storage/storagetest": {".", "notices", "registrar", "storage", "flows/ask", "fault"},
}

// theStorage is where databases are known: with it the promises that are kept on each of them.
var theStorage = []string{"storage", "storage/storagetest"}

// outside says where what comes from elsewhere may be imported: by its beginning. The root
// is stricter, see rootOnly.
var outside = []struct {
	what  string
	where []string
	tests bool // in tests as well; otherwise these may use it anywhere
}{
	{"github.com/go-telegram/bot", []string{"bot/telegram"}, true},
	{"database/sql", theStorage, false},
	{"github.com/jackc/pgx", theStorage, false},
	{"modernc.org/sqlite", theStorage, false},
	{"github.com/pressly/goose", theStorage, false},
	{"github.com/redis/go-redis", theStorage, false},
	{"github.com/alicebob/miniredis", theStorage, false},
	{"github.com/nicksnyder/go-i18n", []string{"locales"}, false},
	{"github.com/BurntSushi/toml", []string{"locales"}, false},
	{"codeberg.org/go-pdf/fpdf", []string{"documents"}, false},
	{"github.com/go-fonts/dejavu", []string{"documents"}, false},
	{"github.com/xuri/excelize", []string{"documents"}, false},
	{"gonum.org", []string{"documents"}, false},
	{"golang.org/x/image", []string{"documents"}, false},
	{"github.com/skip2/go-qrcode", []string{"documents"}, false},
	{"github.com/robfig/cron", []string{"cmd/dauys"}, false},
	{"github.com/spf13/cobra", []string{"cmd/dauys"}, false},
	{"github.com/chromedp", []string{"cmd/dauys"}, true},
}

// rootOnly is all that the root imports besides the standard library.
const rootOnly = "go.yaml.in/yaml/v3"

func TestImports(t *testing.T) {
	found, err := forbidden(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		t.Error(f)
	}
}

// forbidden reads the sources of the module and says what breaks the tables.
func forbidden(module fs.FS) (found []string, err error) {
	unknown := map[string]bool{}
	err = fs.WalkDir(module, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := path.Base(name)
		if entry.IsDir() {
			if name != "." && (base == "testdata" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_")) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(base, ".go") || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
			return nil
		}
		source, err := fs.ReadFile(module, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.ImportsOnly)
		if err != nil {
			return err
		}
		pkg, test := path.Dir(name), strings.HasSuffix(base, "_test.go")
		if _, known := inside[pkg]; !known && !test && !unknown[pkg] {
			unknown[pkg] = true
			found = append(found, fmt.Sprintf("the package %s is not in the table of imports_test.go", pkg))
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if !allowed(pkg, imported, test) {
				found = append(found, fmt.Sprintf("%s may not import %s", name, imported))
			}
		}
		return nil
	})
	return found, err
}

func allowed(pkg, imported string, test bool) bool {
	if its, ok := ours(imported); ok {
		may, known := inside[pkg]
		return test || !known || slices.Contains(may, its) || slices.Contains(may, "all") && !strings.HasSuffix(its, "test")
	}
	for _, o := range outside {
		if (imported == o.what || strings.HasPrefix(imported, o.what+"/")) && (o.tests || !test) && !slices.Contains(o.where, pkg) {
			return false
		}
	}
	first, _, _ := strings.Cut(imported, "/")
	standard := !strings.Contains(first, ".")
	return pkg != "." || test || standard || imported == rootOnly
}

// ours is the folder of a package of the module.
func ours(imported string) (pkg string, ok bool) {
	if imported == module {
		return ".", true
	}
	return strings.CutPrefix(imported, module+"/")
}

// The test itself sees what it is there for.
func TestForbidden(t *testing.T) {
	tests := []struct{ name, file, imports, want string }{
		{"inwards", "handlers/a.go", module + "/flows", ""},
		{"outwards", "flows/a.go", module + "/handlers", "flows/a.go may not import " + module + "/handlers"},
		{"handlers do not know the storage", "handlers/a.go", module + "/storage", "handlers/a.go may not import " + module + "/storage"},
		{"but their tests may", "handlers/a_test.go", module + "/storage", ""},
		{"the engine knows nothing", "flows/ask/a.go", module, "flows/ask/a.go may not import " + module},
		{"the root knows nobody", "a.go", module + "/fault", "a.go may not import " + module + "/fault"},
		{"the root reads YAML", "a.go", "go.yaml.in/yaml/v3", ""},
		{"the root needs nothing else", "a.go", "golang.org/x/text/language", "a.go may not import golang.org/x/text/language"},
		{"the command joins all", "cmd/dauys/a.go", module + "/bot/telegram", ""},
		{"but nothing that is for tests", "cmd/dauys/a.go", module + "/storage/storagetest", "cmd/dauys/a.go may not import " + module + "/storage/storagetest"},
		{"a package of nobody", "utils/a.go", "fmt", "the package utils is not in the table of imports_test.go"},
		{"a file that this system does not build", "flows/a_windows.go", module + "/storage", "flows/a_windows.go may not import " + module + "/storage"},
		{"only the adapter knows Telegram", "bot/a.go", "github.com/go-telegram/bot/models", "bot/a.go may not import github.com/go-telegram/bot/models"},
		{"in tests as well", "bot/a_test.go", "github.com/go-telegram/bot", "bot/a_test.go may not import github.com/go-telegram/bot"},
		{"the adapter knows it", "bot/telegram/a.go", "github.com/go-telegram/bot/models", ""},
		{"only the storage knows databases", "cmd/dauys/a.go", "database/sql", "cmd/dauys/a.go may not import database/sql"},
		{"of any version", "bot/a.go", "github.com/jackc/pgx/v5/pgxpool", "bot/a.go may not import github.com/jackc/pgx/v5/pgxpool"},
		{"tests may look into a database", "cmd/dauys/a_test.go", "database/sql", ""},
		{"only the command knows cron", "handlers/a.go", "github.com/robfig/cron/v3", "handlers/a.go may not import github.com/robfig/cron/v3"},
		{"names that only begin alike", "bot/a.go", "github.com/go-telegram/botany", ""},
		{"what is no part of the build", "testdata/a.go", module + "/storage", ""},
	}
	for _, tt := range tests {
		source := fmt.Sprintf("package p\n\nimport _ %q\n", tt.imports)
		found, err := forbidden(fstest.MapFS{tt.file: {Data: []byte(source)}})
		if got := strings.Join(found, "\n"); err != nil || got != tt.want {
			t.Errorf("%s: got %q (%v), want %q", tt.name, got, err, tt.want)
		}
	}
}
