"""The room of SpiffWorkflow: nothing outside it imports that library, and what it has wrong is put right here."""
