package flows

import "alt.edu.kz/dauys/flows/ask"

// Blog is how somebody asks the Rector a question whose answer others may read, too. It is written,
// because it may be published, and a name is not needed.
var Blog = ask.Flow{
	Name:    "blog",
	Version: 1,
	Steps: []ask.Step{
		consent, asker,
		ask.Text("name", 2, 120).OrSkip().After("way"),
		ask.Text("story", 20, 3000),
	},
	Before: []string{"way"},
}

// Publication is how the office prepares what is published of a question and its answer: what was
// written and answered stands there already, and is changed until nothing personal is in it. The
// author sees the same words and decides.
var Publication = ask.Flow{
	Name:    "publication",
	Version: 1,
	Steps: []ask.Step{
		ask.Text("question", 10, 1500).ShownAbove(),
		ask.Text("answer", 10, 2000).ShownAbove(),
	},
	Before: []string{"post"},
}
