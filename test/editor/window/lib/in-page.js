// Reads what the workbench shows. Runs in the page: Playwright puts it into the window before VS Code's own scripts. `in-page.ts` has its types.
// VS Code keeps only the visible rows of a list in the document, so a whole tree is read by scrolling through it and back.
;(() => {
  if (window.parent !== window || window.locoPage) return
  const clean = (text) =>
    (text ?? '')
      .replace(/\u00a0/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
  const text = (element, selector) => {
    const found = selector ? element.querySelector(selector) : element
    return found ? clean(found.textContent) : undefined
  }
  /** Text as it is drawn: line breaks where the page shows them. */
  // biome-ignore lint/performance/useDomNodeTextContent: what a person sees is the point
  const drawn = (element) => element.innerText.trim()
  const codicon = (element) =>
    element && [...element.classList].find((name) => name.startsWith('codicon-') && !/^codicon-(modifier|colored)/.test(name))?.slice(8)
  const shown = (element) => {
    const { width, height } = element.getBoundingClientRect()
    return width > 0 && height > 0 && getComputedStyle(element).visibility !== 'hidden'
  }
  const box = (element) => {
    const { x, y, width, height } = element.getBoundingClientRect()
    return { x, y, width, height }
  }
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
  const settle = async () => {
    await frame()
    await frame()
  }

  // ---- lists and trees
  const rowsOf = (list) =>
    [...list.querySelectorAll(':scope > .monaco-scrollable-element > .monaco-list-rows > .monaco-list-row')].sort((a, b) => a.dataset.index - b.dataset.index)

  const readers = {
    tree(row) {
      const label = row.querySelector('.monaco-icon-label')
      const decorated = label && /monaco-decoration-(text-)?badge|monaco-decoration-itemBadge/.test(label.className)
      const after = decorated ? getComputedStyle(label, '::after').content : ''
      const icon = row.querySelector('.custom-view-tree-node-item-icon')
      const name = row.querySelector('.label-name')
      return {
        index: Number(row.dataset.index),
        level: Number(row.getAttribute('aria-level') ?? 1),
        label: name ? clean(name.textContent) + (text(row, '.label-suffix') ?? '') : (text(row, '.monaco-tl-contents') ?? text(row)),
        description: text(row, '.label-description') ?? '',
        ariaLabel: row.getAttribute('aria-label') ?? '',
        badge: /^"/.test(after) ? clean(after.slice(1, -1)) : '',
        icon: codicon(icon) ?? '',
        iconColor: icon ? getComputedStyle(icon).color : '',
        expanded: row.hasAttribute('aria-expanded') ? row.getAttribute('aria-expanded') === 'true' : undefined,
        selected: row.getAttribute('aria-selected') === 'true',
        actions: [...row.querySelectorAll('.actions .action-label[aria-label]')].map((action) => action.getAttribute('aria-label')),
      }
    },
    option(row) {
      return {
        index: Number(row.dataset.index),
        label: text(row, '.label-name'),
        description: text(row, '.quick-input-list-row:first-child .label-description') ?? '',
        detail: text(row, '.quick-input-list-label-meta') ?? '',
        checked: row.querySelector('.quick-input-list-checkbox')?.getAttribute('aria-checked') === 'true',
        focused: row.classList.contains('focused'),
      }
    },
  }

  /** VS Code turns wheelDeltaY (120 a notch, 50 pixels) into pixels; a Chromium of 2026 gives synthetic events the wrong sign, so it is set by hand. */
  const scroll = (list, dy) => {
    const event = new WheelEvent('wheel', { deltaY: dy, deltaMode: 0, bubbles: true, cancelable: true })
    Object.defineProperty(event, 'wheelDeltaY', { value: -dy * 2.4 })
    list.querySelector(':scope > .monaco-scrollable-element').dispatchEvent(event)
  }
  const place = (list) => {
    const rows = rowsOf(list)
    return rows.length > 0 ? [rows[0].dataset.index, rows[0].getBoundingClientRect().top, rows.at(-1).dataset.index].join() : ''
  }
  /** Scrolls and waits until the list has moved; false when it did not within half a second (its end, or nothing to scroll). */
  const scrolled = async (list, dy) => {
    const before = place(list)
    scroll(list, dy)
    for (let i = 0; i < 20; i += 1) {
      await settle()
      if (place(list) !== before) {
        await settle()
        return true
      }
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
    return false
  }

  const readAll = async (list, kind, limit = 5000) => {
    const found = new Map()
    const take = () => {
      for (const row of rowsOf(list)) found.set(Number(row.dataset.index), readers[kind](row))
    }
    await settle()
    const rows = rowsOf(list)
    if (rows.length === 0) return []
    if (rows[0].dataset.index === '0' && rows.at(-1).dataset.lastElement === 'true') take()
    else {
      const start = Number(rows[0].dataset.index)
      for (let i = 0; i < 500 && rowsOf(list)[0]?.dataset.index !== '0'; i += 1) if (!(await scrolled(list, -list.clientHeight * 4))) break
      for (let i = 0; i < 2000 && found.size < limit; i += 1) {
        take()
        const last = rowsOf(list).at(-1)
        if (last?.dataset.lastElement === 'true' && last.getBoundingClientRect().bottom <= list.getBoundingClientRect().bottom + 2) break
        if (!(await scrolled(list, list.clientHeight * 0.7))) break
      }
      take()
      await reveal(list, start)
    }
    return [...found.values()].sort((a, b) => a.index - b.index)
  }

  /** Scrolls a row fully into view; gives its rectangle cut to that of the list. */
  const reveal = async (list, index) => {
    const whole = list.getBoundingClientRect()
    const sticky = () => list.querySelector('.monaco-tree-sticky-container:not(.empty)')?.getBoundingClientRect().height ?? 0
    const cut = ({ x, y, width, height }) => {
      const top = Math.max(y, whole.y)
      return { x, y: top, width, height: Math.min(y + height, whole.y + whole.height) - top }
    }
    for (let i = 0; i < 400; i += 1) {
      const rows = rowsOf(list)
      if (rows.length === 0) return undefined
      const at = rows.find((row) => Number(row.dataset.index) === index)?.getBoundingClientRect()
      const top = whole.top + sticky()
      if (at && at.top >= top - 1 && at.bottom <= whole.bottom + 1) return cut(at)
      const far = (index < Number(rows[0].dataset.index) ? -1 : 1) * Math.max(whole.height * 0.7, 22)
      const moved = await scrolled(list, at ? (at.top < top ? at.top - top - 2 : at.bottom - whole.bottom + 2) : far)
      if (at && !moved) return cut(at) // a list that is lower than a row
    }
    return undefined
  }

  /** The pane and the tree of a view by the name in its header, or by the label of its tree (a container with one view shows no header). */
  const view = (name) => {
    const same = (other) => clean(other).toLowerCase() === name.toLowerCase()
    const pane = [...document.querySelectorAll('.pane')].find((one) => same(one.querySelector('.pane-header h3')?.textContent))
    const list =
      pane?.querySelector('.monaco-list') ?? [...document.querySelectorAll('.monaco-list[role=tree]')].find((one) => same(one.getAttribute('aria-label')))
    return { pane, list: list ?? undefined }
  }
  const openPane = (name) => {
    const header = view(name).pane?.querySelector('.pane-header')
    if (header?.getAttribute('aria-expanded') === 'false') header.click()
  }
  const rowOf = (name, index) => {
    const { list } = view(name)
    return list && rowsOf(list).find((row) => Number(row.dataset.index) === index)
  }

  const quickList = () => document.querySelector('.quick-input-list .monaco-list')

  const notification = (item) => {
    const bar = item.parentElement.querySelector('.monaco-progress-container')
    return {
      severity: codicon(item.querySelector('.notification-list-item-icon')) ?? '',
      message: text(item, '.notification-list-item-message') ?? '',
      buttons: [...item.querySelectorAll('.notification-list-item-buttons-container .monaco-button')]
        .map((button) => clean(button.textContent))
        .filter(Boolean),
      inProgress: bar?.classList.contains('active') ?? false,
    }
  }

  window.locoPage = {
    containers: () =>
      [...document.querySelectorAll('.activitybar [role=tab], .sidebar .composite-bar [role=tab], .part.panel .composite-bar [role=tab]')].map((tab) => {
        const label = tab.querySelector('.action-label')?.getAttribute('aria-label') ?? ''
        return {
          label,
          title: label.replace(/ \((Ctrl|Alt|Shift|F\d).*$/, '').replace(/ - .*$/, ''),
          badge: tab.querySelector('.badge:not([aria-hidden=true]) .badge-content')?.textContent ?? '',
          active: tab.classList.contains('checked'),
          box: box(tab),
        }
      }),
    views: () => [...document.querySelectorAll('.pane-header h3')].map((header) => clean(header.textContent)),
    rows: async (name) => {
      openPane(name)
      const { list } = view(name)
      return list && shown(list) ? readAll(list, 'tree') : undefined
    },
    reveal: async (name, index) => {
      const { list } = view(name)
      const at = list && (await reveal(list, index))
      const row = rowOf(name, index)
      return at && row ? { at, row: readers.tree(row) } : undefined
    },
    twistie: (name, index) => {
      const twistie = rowOf(name, index)?.querySelector('.monaco-tl-twistie')
      return twistie ? box(twistie) : undefined
    },
    inlineAction: (name, index, label) => {
      const action = [...(rowOf(name, index)?.querySelectorAll('.actions .action-label') ?? [])].find((one) => one.getAttribute('aria-label') === label)
      return action && shown(action) ? box(action) : undefined
    },
    viewText: (name) => {
      openPane(name)
      const { pane, list } = view(name)
      const at = pane ?? list?.closest('.composite, .pane-body') ?? undefined
      if (at === undefined) return undefined
      const welcome = at.querySelector('.welcome-view-content')
      const message = at.querySelector('.message:not(.hide)')
      return {
        message: message ? clean(message.textContent) : '',
        description: text(at, '.pane-header .description') ?? '',
        welcome: welcome && shown(welcome) ? [...welcome.querySelectorAll('p')].map((line) => clean(line.textContent)) : [],
        buttons: welcome && shown(welcome) ? [...welcome.querySelectorAll('.monaco-button')].map((button) => clean(button.textContent)) : [],
      }
    },
    welcomeButton: (name, label) => {
      const scope = view(name).pane ?? document
      const found = [...scope.querySelectorAll('.welcome-view-content .monaco-button, .welcome-view-content a')].find((one) => clean(one.textContent) === label)
      return found ? box(found) : undefined
    },
    hovers: () => [...document.querySelectorAll('.workbench-hover')].filter(shown).map(drawn).filter(Boolean),
    hoverPictures: () => [...document.querySelectorAll('.workbench-hover img')].filter(shown).map((image) => image.naturalWidth),
    quickInput: async () => {
      const widget = document.querySelector('.quick-input-widget')
      if (!widget || !shown(widget)) return undefined
      const input = widget.querySelector('.quick-input-box input')
      const message = widget.querySelector('.quick-input-message')
      const list = quickList()
      return {
        title: text(widget, '.quick-input-title') ?? '',
        placeholder: input?.placeholder ?? '',
        value: input?.value ?? '',
        message: message && shown(message) ? clean(message.textContent) : '',
        busy: widget.querySelector('.quick-input-progress.active') !== null,
        rows: list && shown(list) ? await readAll(list, 'option', 300) : [],
      }
    },
    revealOption: (index) => reveal(quickList(), index),
    menu: () =>
      [...document.querySelectorAll('.monaco-menu .action-item:not(.disabled) .action-menu-item')].map(
        (item) => item.querySelector('.action-label')?.getAttribute('aria-label') ?? clean(item.textContent),
      ),
    toasts: () => [...document.querySelectorAll('.notifications-toasts .notification-list-item')].map(notification),
    dialog: () => {
      const dialog = [...document.querySelectorAll('.monaco-dialog-box')].find(shown)
      return (
        dialog && {
          message: text(dialog, '.dialog-message') ?? '',
          detail: [...dialog.querySelectorAll('.dialog-message-detail')].map(drawn).join('\n'),
          buttons: [...dialog.querySelectorAll('.dialog-buttons .monaco-button')].map((button) => clean(button.textContent)).filter(Boolean),
        }
      )
    },
    statusBar: () =>
      [...document.querySelectorAll('.statusbar .statusbar-item')].filter(shown).map((item) => ({
        id: item.id,
        text: clean(item.textContent),
        ariaLabel: item.getAttribute('aria-label') ?? '',
        kind: /(\w+)-kind/.exec(item.className)?.[1] ?? '',
      })),
    tabs: () =>
      [...document.querySelectorAll('.tabs-container .tab')].map((tab) => ({
        label: text(tab, '.label-name') + (text(tab, '.label-suffix') ?? ''),
        active: tab.classList.contains('active'),
        dirty: tab.classList.contains('dirty'),
      })),
    editorText: () => {
      const lines = document.querySelectorAll('.editor-group-container.active .editor-instance .monaco-editor .view-lines .view-line')
      return [...lines]
        .sort((a, b) => Number.parseFloat(a.style.top) - Number.parseFloat(b.style.top))
        .map((line) => line.textContent.replace(/\u00a0/g, ' '))
        .join('\n')
    },
    /** Terminals in front, wrapped lines joined; read from the terminal itself, which keeps what has scrolled away. */
    terminal: () =>
      [...document.querySelectorAll('.terminal-wrapper')]
        .filter((wrapper) => wrapper.xterm && (wrapper.classList.contains('active') || shown(wrapper)))
        .map(({ xterm }) => {
          const lines = []
          for (let i = 0; i < xterm.buffer.active.length; i += 1) {
            const line = xterm.buffer.active.getLine(i)
            if (line.isWrapped && lines.length > 0) lines[lines.length - 1] += line.translateToString(true)
            else lines.push(line.translateToString(true))
          }
          return lines.join('\n').trimEnd()
        })
        .join('\n'),
    /** Webviews: name of the outer frame, and where VS Code lays it (found by the CSS anchor that it hangs on). */
    webviews: () =>
      [...document.querySelectorAll('iframe.webview')].map((frameElement) => {
        const holder = frameElement.closest('[style*="position-anchor"]') ?? frameElement.parentElement
        const anchor = holder.style.positionAnchor
        const home = anchor && [...document.querySelectorAll('[style*="anchor-name"]')].find((one) => one.style.anchorName === anchor)
        const group = (home ?? frameElement).closest('.editor-group-container, .pane, .composite')
        const inEditor = group?.classList.contains('editor-group-container')
        return {
          name: frameElement.name,
          visible: shown(frameElement) && getComputedStyle(holder).visibility !== 'hidden' && !frameElement.closest('[style*="display: none"]'),
          title: (inEditor ? text(group, '.tab.active .label-name') : group && text(group, '.pane-header h3, .title-label h2')) ?? '',
          box: box(frameElement),
        }
      }),
    /** What elements show. */
    texts: (selector) => [...document.querySelectorAll(selector)].filter(shown).map(drawn).filter(Boolean),
  }
})()
