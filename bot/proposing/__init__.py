"""Pull requests of what runs made by themselves: a model trained anew, data brought up to date, better parameters."""
