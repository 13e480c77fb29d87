; The board below the scene: counters on one line, typed characters on the other.  It is background: the pointer may move over it.

PANEL_X         equ 32
STATUS_Y        equ 680
ECHO_Y          equ 702
PANEL_W         equ 964
BOARD           equ RGB(32, 46, 44)
CHALK           equ RGB(222, 234, 222)
CHALK_YELLOW    equ RGB(252, 226, 130)

; Before frame_begin: lines that changed are dirty, so that the frame brings them to the canvas and to the card.
panel_update:
    mov dword [target], BACKGROUND
    call clip_scene
    xor al, al
    xchg al, [panel_changed]    ; the interrupt handlers set it, too
    test al, al
    jz .echo
    call status_draw
.echo:
    xor al, al
    xchg al, [echo_changed]
    test al, al
    jz .out
    mov ecx, ECHO_Y
    mov edi, 32
    mov esi, SLOT_ECHO
    call panel_line
    mov edx, 2
    mov ebx, PANEL_X
    mov ax, CHALK
    mov esi, echo
    call draw_text
    mov eax, [echo_length]
    cmp eax, ECHO_COLUMNS
    jae .out
    shl eax, 4
    lea ebx, [eax + PANEL_X]
    add ecx, 28
    mov edx, 14
    mov edi, 3
    mov ax, CHALK_YELLOW
    call fill_rect
.out:
    ret

; esi = slot, ecx = top, edi = height: wipes a line of the board.  Keeps ecx.
panel_line:
    mov ebx, PANEL_X
    mov edx, PANEL_W
    mov ax, BOARD
    call fill_rect
    mov eax, esi
    jmp mark_dirty

status_draw:
    mov edi, status_line
    mov esi, text_boots
    call put_text
    mov eax, [boots]
    call put_decimal
    mov esi, text_no_disk
    cmp byte [disk_present], 0
    je .said
    mov esi, text_not_saved
    test byte [disk_flags], DISK_OK
    jz .said
    mov esi, text_saved
    call put_text
    mov eax, [saved_seconds]
    call put_decimal
    mov esi, text_seconds
.said:
    call put_text
    mov esi, text_keys
    call put_text
    movzx eax, word [key_presses]
    call put_decimal
    mov esi, text_scancode
    call put_text
    mov al, [last_scancode]
    call put_hex
    mov esi, text_mouse
    call put_text
    movzx eax, word [mouse_x]
    call put_decimal
    mov al, ','
    stosb
    movzx eax, word [mouse_y]
    call put_decimal
    mov bl, [mouse_buttons]
    mov esi, text_left
    mov bh, 1
    call .flag
    mov esi, text_middle
    mov bh, 4
    call .flag
    mov esi, text_right
    mov bh, 2
    call .flag
    mov bl, [leds_known]
    mov esi, text_scroll
    mov bh, LED_SCROLL
    call .flag
    mov esi, text_num
    mov bh, LED_NUM
    call .flag
    mov esi, text_caps
    mov bh, LED_CAPS
    call .flag
    xor al, al
    stosb

    mov ecx, STATUS_Y
    mov edi, 16
    mov esi, SLOT_STATUS
    call panel_line
    mov edx, 1
    mov ebx, PANEL_X
    mov ax, CHALK_YELLOW
    mov esi, status_line
    jmp draw_text

.flag:                          ; bl = flags, bh = the one that esi's text stands for
    test bl, bh
    jnz put_text
    ret

text_boots      db 'Boots ', 0
text_no_disk    db '   no disk to count on', 0
text_not_saved  db '   not saved: the disk does not answer', 0
text_saved      db '   saved at ', 0
text_seconds    db ' s of life', 0
text_keys       db '   keys ', 0
text_scancode   db '   last ', 0
text_mouse      db '   mouse ', 0
text_left       db ' left', 0
text_middle     db ' middle', 0
text_right      db ' right', 0
text_scroll     db '   SCROLL', 0
text_num        db '   NUM', 0
text_caps       db '   CAPS', 0
