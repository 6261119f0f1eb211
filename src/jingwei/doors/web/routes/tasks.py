"""Addresses of tasks."""

from django.urls import path

from jingwei.doors.web.views import task_acts, tasks

urlpatterns: list = [
    path("tasks", tasks.list_tasks),
    path("tasks/new", task_acts.new),
    path("tasks/<uuid:task_id>", tasks.task),
    path("tasks/<uuid:task_id>/print", tasks.print_task),
    path("tasks/<uuid:task_id>/cascade", task_acts.cascade),
    path("tasks/<uuid:task_id>/notes/<uuid:note_id>/strike", task_acts.strike),
    *(path(f"tasks/<uuid:task_id>/{what}", task_acts.act_on, {"what": what}) for what in task_acts.ACTS),
    path("suggest/receivers", task_acts.suggest_receivers),
]
