"""Administration: who works here, the calendar, figures, spreadsheets.  For administrators alone."""
