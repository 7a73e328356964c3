"""The machine: respond, settle, solvency, project. The only loops over futures. Knows no names, dates or files."""
