"""Parts that pages share. They take and give plain values; none asks a service.

| what | where |
|---|---|
| base of pages, its header, figures line, actions, `hear`/`mark_stale`/`read` | `page.Page` |
| hairline, labels, buttons, rows and columns, banners, list beside detail, scrolled ground, file drops | `section` |
| tables of any length by row ids (`DataTable`), of a short list (`SimpleTable`) | `paged_table` |
| what a column is, and how columns are arranged and kept | `columns.Column`, `columns.Arrangement` |
| search words, chips, facets, saved views, column menu above a list | `filter_bar.FilterBar` |
| forms over a draft, in a page (`FormPanel`) or a dialog (`FormDialog`) | `form` |
| fields: text, long text, number, money, date, choice, ticks, shown | `fields` |
| fields that look up: one (`PickField`), several or tags (`MultiPickField`) | `picks` |
| a decision to ask for | `ask.ask` |
| a folder to choose | `folder.choose_folder` |
| states as shape + word + tint; risk grades | `pills` |
| figure cards with target, trend and definition | `cards.FigureCard` |
| several lines over the same weeks | `trend` |
| several series by week | `trend.TrendChart` |
| what is due, grouped, with next-step buttons | `obligation_list.ObligationList` |
| any list under headings, one painted line each | `grouped_list.GroupedList` |
| the story of an enterprise or case | `timeline.Timeline` |
| toasts with 撤销, and the notice centre | `toast.Notices` |
| why nothing is here | `empty.EmptyState` |

The frame itself (`window`, `rail`, `palette`, `commands`), `theme`, `jobs`, `bus` and `problems` are one folder up.
`tests/gui/gallery.py` shows all of them with invented facts.
"""
