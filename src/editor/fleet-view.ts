import type * as vscode from 'vscode'

/** The Fleet view. It shows no rows yet, so that VS Code shows its welcome text, which says so. */
export class FleetView implements vscode.TreeDataProvider<never> {
  getChildren(): never[] {
    return []
  }

  getTreeItem(element: never): vscode.TreeItem {
    return element
  }
}
