"""The workbench 工作台: what is due, the next step, and the figures."""
