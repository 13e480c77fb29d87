; The pointer: three-byte packets in, a position out, and the arrow on top of everything.

MOUSE_FOUND     equ 0x08        ; in [mouse_flag]

; From the interrupt handler: al = a byte of a packet (buttons and signs, x, y)
mouse_byte:
    mov ebx, [mouse_index]
    test ebx, ebx
    jnz .store
    test al, 8                  ; always set in a first byte: how we stay in step
    jz .out
.store:
    mov [mouse_packet + ebx], al
    inc ebx
    mov [mouse_index], ebx
    cmp ebx, 3
    jb .out
    mov dword [mouse_index], 0
    inc word [mouse_packets]
    mov byte [panel_changed], 1
    mov al, [mouse_packet]
    mov bl, al
    and bl, 7
    mov [mouse_buttons], bl
    movzx ecx, byte [mouse_packet + 1]
    test al, 0x10
    jz .right
    sub ecx, 256
.right:
    movzx edx, byte [mouse_packet + 2]
    test al, 0x20
    jz .up
    sub edx, 256
.up:
    movzx eax, word [mouse_x]
    add eax, ecx
    mov ecx, SCREEN_W - 1
    call clamp
    mov [mouse_x], ax
    movzx eax, word [mouse_y]
    sub eax, edx                ; PS/2 counts upwards
    mov ecx, STRIP_Y - 1
    call clamp
    mov [mouse_y], ax
.out:
    ret

; eax = value brought into 0 to ecx
clamp:
    test eax, eax
    jns .high
    xor eax, eax
.high:
    cmp eax, ecx
    jle .out
    mov eax, ecx
.out:
    ret

mouse_draw:
    movzx ebx, word [mouse_x]
    movzx ecx, word [mouse_y]
    mov esi, art_pointer
    call draw_list
    mov eax, SLOT_POINTER
    mov edx, 20
    mov edi, 28
    jmp mark_dirty
