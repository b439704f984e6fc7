package simulator

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestTheReadmeNamesItsTests: every test that the table of README.md names is
// there, and every test of the package is in the table.
func TestTheReadmeNamesItsTests(t *testing.T) {
	raw, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, ok := strings.Cut(string(raw), "## What it imitates\n")
	if !ok {
		t.Fatal("README.md does not tell what the simulator imitates")
	}
	table, _, _ = strings.Cut(table, "\n## ")
	known, named := testsHere(t), map[string]bool{}
	test := regexp.MustCompile("`(Test[^`]*)`")
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) != 4 || strings.HasPrefix(cells[1], "-") || cells[1] == " What " || strings.HasPrefix(cells[1], " **") {
			continue
		}
		tests := test.FindAllStringSubmatch(cells[2], -1)
		if len(tests) == 0 {
			t.Errorf("nothing shows this:%s", cells[1])
		}
		for _, m := range tests {
			name, part, _ := strings.Cut(m[1], "/")
			named[name] = true
			if parts, ok := known[name]; !ok || part != "" && !parts[part] {
				t.Errorf("there is no test %s", m[1])
			}
		}
	}
	for name := range known {
		if !named[name] && name != t.Name() {
			t.Errorf("%s is not in the table", name)
		}
	}
}

// testsHere are the tests in the package's sources, each with the words that
// may name a part of it: what Run is given, and the keys of tables.
func testsHere(t *testing.T) map[string]map[string]bool {
	t.Helper()
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]bool{}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && strings.HasPrefix(f.Name.Name, "Test") {
				out[f.Name.Name] = partsOf(f)
			}
		}
	}
	return out
}

func partsOf(f *ast.FuncDecl) map[string]bool {
	parts := map[string]bool{}
	add := func(e ast.Expr) {
		if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if word, err := strconv.Unquote(lit.Value); err == nil {
				parts[word] = true
			}
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if s, ok := n.Fun.(*ast.SelectorExpr); ok && strings.EqualFold(s.Sel.Name, "run") && len(n.Args) > 0 {
				add(n.Args[0])
			}
		case *ast.KeyValueExpr:
			add(n.Key)
		case *ast.CompositeLit:
			if len(n.Elts) > 0 {
				add(n.Elts[0])
			}
		}
		return true
	})
	return parts
}
