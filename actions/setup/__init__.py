"""What sets a repository up for Assay and looks after it: the proposal of `assay init`, the findings of `assay doctor`."""
