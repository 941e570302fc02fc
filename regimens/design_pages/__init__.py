"""What the pages of a design show: answers of the contract and stored results, put into rows, pictures and words."""
