; What moves in front: the train, its smoke, the mill.

STEP            equ 4           ; pixels a tick: 80 a second
CIRCLE          equ 1240        ; the train comes out of the left tunnel when it has gone this far into the right one
FIRST_X         equ 470         ; where the locomotive stands at start: the whole train is on the first picture
TRAIN_FRONT     equ 120
TRAIN_BACK      equ 420
TRAIN_TOP       equ TRACK_Y - TRACK_SWING - 148
TRAIN_H         equ 148 + 2 * TRACK_SWING + 4
NUMBER_WAGON    equ -172        ; middle of the car, from the middle of the locomotive
BRICK_WAGON     equ -328
WAGON_HALF      equ 86          ; with its coupling
NUMBER_WAGON_H  equ 132
BRICK_WAGON_H   equ 112
LOCOMOTIVE_BACK equ 104
LOCOMOTIVE_H    equ 148
CHIMNEY_X       equ 68
CHIMNEY_Y       equ -138
PORTAL_LEFT     equ 66
PORTAL_RIGHT    equ SCREEN_W - 66

PUFFS           equ 12
PUFF_LIFE       equ 60
PUFF_EVERY      equ 5
PUFF_SOLID      equ 24          ; ticks before it begins to fade

struc puff
    .x          resd 1
    .y          resd 1
    .age        resd 1          ; 0 = not there
endstruc

train_init:
    mov dword [train_x], FIRST_X
    ret

; One tick of the world
train_step:
    inc dword [world_ticks]
    mov eax, [train_x]
    add eax, STEP
    cmp eax, CIRCLE + TRAIN_BACK
    jl .on
    sub eax, CIRCLE
.on:
    mov [train_x], eax
    add dword [travelled], STEP

    mov esi, puffs
    mov ecx, PUFFS
.puff:
    cmp dword [esi + puff.age], 0
    je .next_puff
    inc dword [esi + puff.age]
    cmp dword [esi + puff.age], PUFF_LIFE
    jb .alive
    mov dword [esi + puff.age], 0
    jmp .next_puff
.alive:
    dec dword [esi + puff.y]
    mov eax, [esi + puff.age]
    and eax, 1
    sub [esi + puff.x], eax
.next_puff:
    add esi, puff_size
    loop .puff

    dec dword [until_puff]
    jns .out
    mov dword [until_puff], PUFF_EVERY - 1
    mov ebx, [train_x]
    call .emit
    sub ebx, CIRCLE
    jmp .emit
.out:
    ret
.emit:                          ; ebx = locomotive: a puff from its chimney, if that is in the open
    push ebx
    add ebx, CHIMNEY_X
    cmp ebx, PORTAL_LEFT + 24
    jl .no_puff
    cmp ebx, PORTAL_RIGHT - 24
    jg .no_puff
    mov esi, puffs
    mov ecx, PUFFS
.free:
    cmp dword [esi + puff.age], 0
    je .found
    add esi, puff_size
    loop .free
    jmp .no_puff
.found:
    mov [esi + puff.x], ebx
    mov dword [esi + puff.age], 1
    sub ebx, CHIMNEY_X
    call track_height
    add ecx, CHIMNEY_Y
    mov [esi + puff.y], ecx
.no_puff:
    pop ebx
    ret

train_draw:
    mov dword [target], CANVAS
    call clip_scene
    call mill_draw
    mov dword [car_slot], SLOT_CAR
    mov ebx, [train_x]
    call train_draw_at
    sub ebx, CIRCLE
    call train_draw_at
    call tunnels_draw
    jmp smoke_draw

; The portals again, in front of the train
tunnels_draw:
    mov dword [clip_y0], TRAIN_TOP
    mov dword [clip_y1], TRAIN_TOP + TRAIN_H
    mov ebx, PORTAL_LEFT
    mov ecx, TRACK_Y
    mov esi, art_tunnel_left
    call draw_list
    mov ebx, PORTAL_RIGHT
    mov esi, art_tunnel_right
    call draw_list
    jmp clip_scene

; ebx = middle of the locomotive.  Keeps it.
train_draw_at:
    cmp ebx, -TRAIN_FRONT
    jle .out
    cmp ebx, SCREEN_W + TRAIN_BACK
    jge .out
    pusha
    lea ebx, [ebx + BRICK_WAGON]
    mov esi, art_brick_wagon
    mov edi, BRICK_WAGON_H
    call wagon_draw
    lea ebx, [ebx - BRICK_WAGON + NUMBER_WAGON]
    mov esi, art_number_wagon
    mov edi, NUMBER_WAGON_H
    call wagon_draw
    sub ecx, 79
    call number_draw
    lea ebx, [ebx - NUMBER_WAGON]
    call track_height
    mov esi, art_locomotive
    call draw_list
    call locomotive_wheels
    sub ebx, LOCOMOTIVE_BACK
    mov edx, LOCOMOTIVE_BACK + TRAIN_FRONT
    mov edi, LOCOMOTIVE_H
    call car_dirty
    popa
.out:
    ret

; The next car's slot: ebx = left edge, ecx = rail, edx = width, edi = height above the rail.  Keeps all registers.
car_dirty:
    pusha
    sub ecx, edi
    add edi, 3                  ; wheels reach a little below
    mov eax, [car_slot]
    inc dword [car_slot]
    call mark_dirty
    popa
    ret

; ebx = middle, esi = body, edi = its height.  Keeps ebx; ecx = rail there.
wagon_draw:
    call track_height
    call draw_list
    sub ebx, WAGON_HALF
    mov edx, 2 * WAGON_HALF
    call car_dirty
    add ebx, WAGON_HALF
    push ecx
    mov ebp, 15
    sub ecx, ebp
    add ebx, -42
    call wheel_draw
    add ebx, 84
    call wheel_draw
    add ebx, -42
    pop ecx
    ret

; ebx, ecx = the locomotive's origin
locomotive_wheels:
    pusha
    push ecx
    mov ebp, 23
    sub ecx, ebp
    add ebx, -58
    call wheel_draw
    add ebx, 54
    call wheel_draw
    add ebx, 54
    call wheel_draw
    mov esi, ebx
    mov edi, ecx
    pop ecx
    mov ebp, 12
    sub ecx, ebp
    lea ebx, [esi + 36]
    call wheel_draw

    mov ebp, 23                 ; the rod joins the three pins
    call wheel_angle
    push eax
    call sine
    imul eax, 11
    sar eax, 8
    add edi, eax
    pop eax
    add eax, 64
    call sine
    imul eax, 11
    sar eax, 8
    add esi, eax
    lea ebx, [esi - 112]
    lea ecx, [edi - 3]
    mov edx, 116
    mov edi, 7
    mov ax, INK
    call fill_rect
    inc ebx
    inc ecx
    sub edx, 2
    mov edi, 4
    mov ax, RGB(206, 208, 216)
    call fill_rect
    popa
    ret

; ebp = radius; eax = how far such a wheel has turned, in 1/256 turns
wheel_angle:
    push edx
    mov eax, [travelled]
    imul eax, eax, 41           ; 256 / 2 pi
    xor edx, edx
    div ebp
    pop edx
    ret

; ebx, ecx = hub, ebp = radius.  Keeps all registers.
wheel_draw:
    pusha
    mov ax, INK
    call fill_disc
    mov edi, ebp
    sub ebp, 3
    mov ax, BRICK_RED
    call fill_disc
    sub ebp, 3
    mov ax, DEEP_RED
    call fill_disc
    mov esi, ebp
    mov ebp, edi
    call wheel_angle
    mov edx, eax
    mov edi, esi                ; half length
    mov ebp, 2                  ; half width
    mov ax, BRICK_YELLOW
    call bar_draw
    add edx, 64
    call bar_draw
    mov ebp, 4
    mov ax, INK
    call fill_disc
    mov ebp, 2
    mov ax, STEEL
    call fill_disc
    popa
    ret

; A bar through a point: ebx, ecx = middle, edx = angle, edi = half length, ebp = half width, ax = colour.  Keeps all registers.
bar_draw:
    pusha
    mov [scratch], eax
    mov dword [poly_count], 4
    lea eax, [edx + 64]
    call sine
    mov esi, eax                ; cosine
    mov eax, edx
    call sine                   ; sine
    mov edx, eax
    imul eax, ebp               ; across: (-sine, cosine) * width
    sar eax, 8
    neg eax
    imul ebp, esi
    sar ebp, 8
    imul edx, edi               ; along: (cosine, sine) * length
    sar edx, 8
    imul esi, edi
    sar esi, 8
    lea edi, [ebx + esi]
    add edi, eax
    mov [points], edi
    lea edi, [ebx + esi]
    sub edi, eax
    mov [points + 8], edi
    mov edi, ebx
    sub edi, esi
    sub edi, eax
    mov [points + 16], edi
    lea edi, [ebx + eax]
    sub edi, esi
    mov [points + 24], edi
    lea edi, [ecx + edx]
    add edi, ebp
    mov [points + 4], edi
    lea edi, [ecx + edx]
    sub edi, ebp
    mov [points + 12], edi
    mov edi, ecx
    sub edi, edx
    sub edi, ebp
    mov [points + 20], edi
    lea edi, [ecx + ebp]
    sub edi, edx
    mov [points + 28], edi
    mov eax, [scratch]
    call fill_poly
    popa
    ret

; The number on the wagon: ebx, ecx = middle of its white field.  Keeps all registers.
number_draw:
    pusha
    movzx eax, word [ordinal]
    mov edi, digit_list         ; digits, lowest first
    mov esi, DIGIT_NONE
    cmp ax, NO_ORDINAL
    jne .split
    mov [edi], esi
    mov ebp, 1
    jmp .size
.split:
    xor ebp, ebp
    mov esi, 10
.digit:
    xor edx, edx
    div esi
    mov [edi + ebp * 4], edx
    inc ebp
    test eax, eax
    jnz .digit
.size:
    mov dword [cell], 8         ; pixels of a brick; four digits need smaller ones
    cmp ebp, 2
    jbe .fits
    mov dword [cell], 5
    cmp ebp, 3
    jbe .fits
    mov dword [cell], 4
.fits:
    mov edx, ebp                ; width = (6 n - 1) cells
    imul edx, DIGIT_W + 1
    dec edx
    imul edx, [cell]
    shr edx, 1
    sub ebx, edx
    mov edx, [cell]
    imul edx, DIGIT_H
    shr edx, 1
    sub ecx, edx
.draw:
    dec ebp
    js .out
    mov eax, [digit_list + ebp * 4]
    call digit_draw
    mov edx, [cell]
    imul edx, DIGIT_W + 1
    add ebx, edx
    jmp .draw
.out:
    popa
    ret

; eax = digit, ebx, ecx = its corner.  Keeps all registers.
digit_draw:
    pusha
    imul eax, DIGIT_H
    lea esi, [digits + eax]
    mov ebp, DIGIT_H
.row:
    mov al, [esi]
    inc esi
    push ebx
    mov ah, DIGIT_W
.column:
    test al, 1 << (DIGIT_W - 1)
    jz .blank
    push eax
    mov edx, [cell]
    mov edi, edx
    mov ax, RGB(120, 18, 28)
    call fill_rect
    dec edx
    dec edi
    mov ax, BRICK_RED
    call fill_rect
    mov edi, 2
    mov ax, RGB(240, 110, 100)
    call fill_rect
    pop eax
.blank:
    add ebx, [cell]
    add al, al
    dec ah
    jnz .column
    pop ebx
    add ecx, [cell]
    dec ebp
    jnz .row
    popa
    ret

smoke_draw:
    mov esi, puffs
    mov edx, PUFFS
.next:
    mov edi, [esi + puff.age]
    test edi, edi
    jz .none
    mov ebx, [esi + puff.x]
    mov ecx, [esi + puff.y]
    mov ebp, edi
    shr ebp, 2
    add ebp, 5
    cmp edi, PUFF_SOLID
    seta [translucent]
    mov ax, RGB(214, 218, 226)
    call fill_disc
    mov byte [translucent], 0
    cmp edi, PUFF_SOLID
    ja .faded
    push ebp
    sub ebp, 2
    sub ebx, 1
    sub ecx, 2
    mov ax, RGB(246, 248, 252)
    call fill_disc
    pop ebp
    mov ebx, [esi + puff.x]
    mov ecx, [esi + puff.y]
.faded:
    push edx
    sub ebx, ebp
    sub ecx, ebp
    lea edi, [ebp * 2 + 1]
    mov eax, SLOT_PUFF + PUFFS
    sub eax, edx
    mov edx, edi
    call mark_dirty
    pop edx
.none:
    add esi, puff_size
    dec edx
    jnz .next
    ret

mill_draw:
    mov edx, [world_ticks]
    mov ebx, MILL_X
    mov ecx, MILL_HUB_Y
    mov edi, MILL_SAIL
    mov ebp, 7
    mov ax, RGB(236, 224, 196)
    call bar_draw
    add edx, 64
    call bar_draw
    mov ebp, 2
    mov ax, RGB(110, 76, 48)
    call bar_draw
    sub edx, 64
    call bar_draw
    mov ebp, 5
    mov ax, INK
    call fill_disc
    sub ebx, MILL_SAIL + 8
    sub ecx, MILL_SAIL + 8
    mov edx, 2 * MILL_SAIL + 17
    mov edi, edx
    mov eax, SLOT_MILL
    jmp mark_dirty
