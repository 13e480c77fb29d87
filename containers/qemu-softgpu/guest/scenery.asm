; What stands still: sky, hills, village, track, title.  Drawn once, into the background.

HORIZON         equ 440
TRACK_Y         equ 604         ; middle height of the rail's top
TRACK_SWING     equ 9

scenery_draw:
    mov dword [target], BACKGROUND
    call clip_scene
    call draw_sky
    mov esi, hills
.hill:
    call draw_hill
    add esi, hill_size
    cmp dword [esi + hill.base], 0
    jne .hill
    mov esi, scenery_far
    call draw_places
    mov esi, meadow
    call draw_hill
    mov esi, scenery_near
    call draw_places
    call draw_track
    call draw_flowers
    mov ebx, PORTAL_LEFT
    mov ecx, TRACK_Y
    mov esi, art_tunnel_left
    call draw_list
    mov ebx, PORTAL_RIGHT
    mov esi, art_tunnel_right
    call draw_list
    xor ebx, ebx
    xor ecx, ecx
    mov esi, art_panel
    call draw_list
    jmp draw_title

; esi = places, ending with 0
draw_places:
    mov eax, [esi]
    test eax, eax
    jz .out
    movsx ebx, word [esi + 4]
    movsx ecx, word [esi + 6]
    push esi
    mov esi, eax
    call draw_list
    pop esi
    add esi, 8
    jmp draw_places
.out:
    ret

; Top to horizon, one colour a row
draw_sky:
    xor ecx, ecx
.row:
    mov esi, sky_colours
    mov ebp, HORIZON
    call shade
    mov [sky_rows + ecx * 2], ax
    xor ebx, ebx
    mov edx, SCREEN_W
    call hline
    inc ecx
    cmp ecx, HORIZON
    jb .row

    mov ebx, 920
    mov ecx, 84
    mov byte [translucent], 1
    mov ax, RGB(255, 246, 200)
    mov ebp, 82
    call fill_disc
    mov ebp, 64
    call fill_disc
    mov byte [translucent], 0
    mov ax, RGB(255, 240, 150)
    mov ebp, 48
    call fill_disc
    mov ax, RGB(255, 248, 196)
    mov ebp, 40
    jmp fill_disc

; esi = six bytes (from r, g, b, to r, g, b), ecx of ebp steps; ax = colour.  Keeps the others.
shade:
    push esi
    push edi
    push edx
    push ebx
    xor edi, edi
    call .channel
    shr eax, 3
    mov edi, eax
    call .channel
    shr eax, 2
    shl edi, 6
    or edi, eax
    call .channel
    shr eax, 3
    shl edi, 5
    or eax, edi
    pop ebx
    pop edx
    pop edi
    pop esi
    ret
.channel:
    movzx eax, byte [esi + 3]
    movzx ebx, byte [esi]
    inc esi
    sub eax, ebx
    imul eax, ecx
    cdq
    idiv ebp
    add eax, ebx
    ret

HILL_SHADES     equ 180

; A line of hills: two waves over a base line, light at the ridge
struc hill
    .base       resd 1
    .wave1      resd 1          ; height, then 1/256 turns a pixel in 1/16, then where the wave starts
    .speed1     resd 1
    .phase1     resd 1
    .wave2      resd 1
    .speed2     resd 1
    .phase2     resd 1
    .depth      resd 1          ; rows to fill at most; what lies in front covers the rest
    .colours    resb 6          ; ridge, foot
    alignb 4
endstruc

; esi = hill.  Keeps esi.  Pixel by pixel, so past hline: this is most of the work of a start.
draw_hill:
    pusha
    xor ecx, ecx                ; colours by the distance from the ridge, so that the light follows the land
    mov ebp, HILL_SHADES - 1
    push esi
    add esi, hill.colours
.colour:
    call shade
    mov [hill_colours + ecx * 2], ax
    inc ecx
    cmp ecx, ebp
    jbe .colour
    pop esi
    xor ebx, ebx
.column:
    mov eax, [esi + hill.speed1]
    mov edx, [esi + hill.phase1]
    call .wave
    imul eax, [esi + hill.wave1]
    mov ecx, eax
    mov eax, [esi + hill.speed2]
    mov edx, [esi + hill.phase2]
    call .wave
    imul eax, [esi + hill.wave2]
    add ecx, eax
    sar ecx, 8
    mov edx, [esi + hill.base]
    sub edx, ecx                ; the ridge
    mov edi, edx
    shl edi, 11                 ; PITCH
    lea edi, [edi + ebx * 2]
    add edi, [target]
    mov ecx, STRIP_Y
    sub ecx, edx
    cmp ecx, [esi + hill.depth]
    jle .depth
    mov ecx, [esi + hill.depth]
.depth:
    xor ebp, ebp
.row:
    mov ax, [hill_colours + ebp * 2]
    mov [edi], ax
    add edi, PITCH
    cmp ebp, HILL_SHADES - 1
    adc ebp, 0                  ; the last shade goes on to the foot
    dec ecx
    jnz .row
    inc ebx
    cmp ebx, SCREEN_W
    jb .column
    popa
    ret
.wave:                          ; eax = speed, edx = phase, ebx = x
    imul eax, ebx
    shr eax, 4
    add eax, edx
    jmp sine

; eax = angle in 1/256 turns; eax = 256 times its sine
sine:
    and eax, 255
    mov eax, [sine_table + eax * 4]
    ret

; Bhaskara's approximation, good to 0.2 %, which needs no floating point: with u of 128 steps in half a turn, 16 u (128 - u) / (5 * 128^2 - 4 u (128 - u)).
sine_init:
    xor ecx, ecx
.entry:
    mov eax, 128
    sub eax, ecx
    imul eax, ecx               ; u (128 - u)
    mov ebx, 5 * 128 * 128
    mov edx, eax
    shl edx, 2
    sub ebx, edx
    shl eax, 4 + 8              ; times 16, and 256 is one
    xor edx, edx
    div ebx
    mov [sine_table + ecx * 4], eax
    neg eax
    mov [sine_table + ecx * 4 + 128 * 4], eax
    inc ecx
    cmp ecx, 128
    jb .entry
    ret

; ebx = x; ecx = the rail's top there.  Keeps the others.
track_height:
    push eax
    mov eax, ebx
    sar eax, 2
    call sine
    imul eax, TRACK_SWING
    sar eax, 8
    lea ecx, [eax + TRACK_Y]
    pop eax
    ret

draw_track:
    xor ebx, ebx
.column:
    call track_height
    mov edx, 1
    add ecx, 10
    mov edi, 16                 ; ballast
    mov ax, RGB(150, 140, 128)
    call fill_rect
    add ecx, 16
    mov edi, 5
    mov ax, RGB(112, 104, 96)
    call fill_rect
    inc ebx
    cmp ebx, SCREEN_W
    jb .column
    xor ebx, ebx
.sleeper:
    call track_height
    add ecx, 6
    mov edx, 14
    mov edi, 9
    mov ax, RGB(84, 56, 36)
    call fill_rect
    mov edi, 3
    mov ax, WOOD
    call fill_rect
    add ebx, 25
    cmp ebx, SCREEN_W
    jb .sleeper
    xor ebx, ebx
.rail:
    call track_height
    mov edx, 1
    mov edi, 6
    mov ax, RGB(70, 72, 82)
    call fill_rect
    mov edi, 2
    mov ax, RGB(198, 202, 212)
    call fill_rect
    inc ebx
    cmp ebx, SCREEN_W
    jb .rail
    ret

; Tufts and flowers in front of the track, the same on every boot
draw_flowers:
    mov ebp, 150
    mov eax, 20010625
.next:
    imul eax, eax, 1103515245
    add eax, 12345
    mov ebx, eax
    shr ebx, 22                 ; x: 0 to 1023
    mov ecx, eax
    shr ecx, 17
    and ecx, 31
    add ecx, 634
    push eax
    mov edx, 2
    mov edi, 5
    mov ax, RGB(52, 124, 50)
    call fill_rect
    pop eax
    mov edx, eax
    shr edx, 9
    and edx, 7
    push eax
    mov ax, [flower_colours + edx * 2]
    mov edx, 4
    mov edi, 3
    dec ebx
    call fill_rect
    pop eax
    dec ebp
    jnz .next
    ret

draw_title:
    mov edi, title_line
    mov esi, text_title
    call put_text
    mov esi, instance_name
    cmp byte [esi], 0
    jne .named
    mov esi, text_nameless
.named:
    call put_text
    xor eax, eax
    stosb
    mov ebx, 34
    mov ecx, 26
    mov edx, 4
    mov esi, text_name
    call .shadowed
    mov ebx, 36
    mov ecx, 94
    mov edx, 2
    mov esi, title_line
.shadowed:
    push edx
    mov ax, RGB(24, 70, 130)
    add ebx, edx
    add ecx, edx
    call draw_text
    pop edx
    sub ebx, edx
    sub ecx, edx
    mov ax, 0xffff
    jmp draw_text

text_name       db 'Loco Cluster', 0
text_title      db 'demo guest  ', 0
text_nameless   db 'no number', 0

sky_colours     db 84, 164, 232,  222, 242, 250
flower_colours  dw RGB(240, 80, 80), RGB(255, 220, 70), RGB(255, 255, 255), RGB(240, 140, 190)
                dw RGB(70, 150, 60), RGB(70, 150, 60), RGB(255, 220, 70), RGB(124, 186, 92)

align 4
hills:
    istruc hill
        at .base, dd 372
        at .wave1, dd 46
        at .speed1, dd 9
        at .phase1, dd 20
        at .wave2, dd 18
        at .speed2, dd 27
        at .phase2, dd 90
        at .depth, dd 170
        at .colours, db 150, 190, 214,  176, 212, 220
    iend
    istruc hill
        at .base, dd 412
        at .wave1, dd 30
        at .speed1, dd 13
        at .phase1, dd 130
        at .wave2, dd 10
        at .speed2, dd 41
        at .phase2, dd 0
        at .depth, dd 110
        at .colours, db 118, 178, 142,  152, 200, 150
    iend
    istruc hill
        at .base, dd 446
        at .wave1, dd 16
        at .speed1, dd 7
        at .phase1, dd 200
        at .wave2, dd 5
        at .speed2, dd 31
        at .phase2, dd 60
        at .depth, dd 110
        at .colours, db 116, 186, 96,  84, 156, 78
    iend
    dd 0
meadow:
    istruc hill
        at .base, dd 496
        at .wave1, dd 10
        at .speed1, dd 11
        at .phase1, dd 70
        at .wave2, dd 4
        at .speed2, dd 25
        at .phase2, dd 10
        at .depth, dd STRIP_Y
        at .colours, db 142, 202, 100,  84, 164, 74
    iend
