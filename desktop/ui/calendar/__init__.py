"""Plan and calendar 计划日历: month, week by officer, agenda; dragging reschedules."""
