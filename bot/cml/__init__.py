"""CML's verbs with CML's flags: `cml comment create report.md` becomes `assay cml comment create report.md`."""
